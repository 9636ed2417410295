import Distributed
import RoostTesting
import Testing

@testable import Roost

@Suite struct MailboxBlobTests {
    @Test func `blobs in elements arrive in order, with what is beside them`() async throws {
        try await withTestSystem { test in
            let mailbox = try await test.system.makeMailbox(of: Parcel.self, capacity: 16)
            let carrier = try await test.spawn(Carrier.self)
            async let carrying: Void = carrier.carry(300, to: mailbox.address)
            for number in 0..<300 {
                let parcel = try #require(try await mailbox.next())
                #expect(parcel.number == number && parcel.contents.count == number % 3)
                for (index, blob) in parcel.contents.enumerated() {
                    #expect(blob == (try Blob(copying: [UInt8(number % 256), UInt8(index)])))
                }
            }
            try await carrying
            mailbox.seal()
            #expect(try await mailbox.next() == nil)
        }
    }

    @Test func `a blob in an element is not copied, however large it is`() async throws {
        var options = SystemOptions()
        options.maximumMessageSize = 1 << 20
        try await withTestSystem(options: options) { test in
            let mailbox = try await test.system.makeMailbox(of: Parcel.self)
            let carrier = try await test.spawn(Carrier.self)
            let size = 100 << 20
            async let carrying: Void = carrier.carryHuge(size, to: mailbox.address)
            let parcel = try #require(try await mailbox.next())
            try await carrying
            let sizes = parcel.contents.map { $0.count }
            #expect(sizes == [size, size])
            let last = lastByte(of: parcel.contents[0])
            #expect(last == 7)
        }
    }

    @Test func `a blob goes through a mailbox of its own process`() async throws {
        try await withTestSystem { test in
            let mailbox = try await test.system.makeMailbox(of: Parcel.self)
            let sender = try await mailbox.address.open()
            let blob = try Blob(copying: [1, 2, 3])
            for number in 1...3 { try await sender.send(Parcel(number: number, contents: [blob])) }
            try await sender.finish()
            mailbox.seal()
            var numbers: [Int] = []
            for try await parcel in mailbox {
                #expect(parcel.contents == [blob])
                numbers.append(parcel.number)
            }
            #expect(numbers == [1, 2, 3])
        }
    }
}

private func lastByte(of blob: Blob) -> UInt8 {
    let bytes = blob.bytes
    return unsafe bytes.unsafeLoad(fromByteOffset: bytes.byteCount - 1, as: UInt8.self)
}
