import Distributed
import Foundation
import Roost
import RoostPlatform
import RoostTesting
import Synchronization
import TestPrograms
import Testing

/// A sender as Python's tests have them.
distributed actor Putter: ProcessActor {
    static var reentrancy: Reentrancy { .reentrant }

    private var sent = 0
    private var kept: MailboxSender<[UInt8]>?

    distributed func processID() -> Int32 { getpid() }
    distributed func sentCount() -> Int { sent }
    distributed func residentKibibytes() -> Int { Processes.residentKibibytes }

    /// Puts so many small elements, and stays as it is.
    distributed func put(_ count: Int, to address: MailboxAddress<[UInt8]>) async throws {
        let sender = try await address.open()
        kept = sender
        for number in 0..<count {
            try await sender.put([UInt8(number & 255)])
            sent += 1
        }
    }

    /// Sends elements of a size until it is killed or cancelled.
    distributed func send(_ size: Int, to address: MailboxAddress<[UInt8]>) async throws {
        let sender = try await address.open()
        let bytes = [UInt8](repeating: 7, count: size)
        while true {
            try await sender.send(bytes)
            sent += 1
        }
    }

    /// The error that a text gives that is no UTF-8 number, and one that is too large.
    distributed func sendBad(to address: MailboxAddress<Picky>) async throws -> [String] {
        let sender = try await address.open()
        var codes: [String] = []
        for value in [
            Picky(text: "good"), Picky(text: "bad"), Picky(text: String(repeating: "x", count: 65 << 20)),
        ] {
            do { try await sender.send(value) } catch let error as RemoteCallError {
                codes.append(error.code.description)
            }
        }
        try await sender.finish()
        return codes
    }
}

/// Cannot be encoded when it is bad.
struct Picky: Codable, Sendable {
    var text: String

    init(text: String) { self.text = text }

    init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }

    func encode(to encoder: any Encoder) throws {
        if text == "bad" { throw Broken(why: "bad") }
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension PatternTests {
    /// What must be shown of the systems that Roost replaces, where the counterpart is older than the patterns: each test
    /// is named after its row.
    @Suite struct ParityRowTests {
        @Test func `Queue: a producer killed inside a 50 MB send loses that element, and affects no other`()
            async throws
        {
            try await withTestSystem { test in
                let mailbox = try await test.system.makeMailbox(of: [UInt8].self)
                let large = try await test.spawn(
                    Putter.self, named: "large", options: SpawnOptions(restart: .temporary))
                let other = try await test.spawn(Feeder.self)
                let sending = Task { try await large.send(50 << 20, to: mailbox.address) }
                // One has come: the next is on its way at once.
                #expect(try await mailbox.next()?.count == 50 << 20)
                Processes.signal(try await large.processID(), SIGKILL)
                await #expect(throws: RemoteCallError.self) { try await sending.value }
                let codes = try await other.sendBytes([1, 2, 3], to: mailbox.address)
                #expect(codes == [])
                mailbox.seal()
                var sizes: [Int] = []
                while let element = try await mailbox.next() { sizes.append(element.count) }
                #expect(sizes.filter { $0 < 50 << 20 } == [1, 2, 3])
                var losses = mailbox.senderLosses.makeAsyncIterator()
                let loss = try #require(await losses.next())
                #expect(loss.senderName == "large" && loss.cause == .ended(.crashed(signal: SIGKILL)))
                #expect(loss.received == 1 + sizes.filter { $0 == 50 << 20 }.count)
            }
        }

        @Test func `Queue: every put that returned survives its producer`() async throws {
            try await withTestSystem { test in
                let mailbox = try await test.system.makeMailbox(of: [UInt8].self, capacity: 4_096)
                let putter = try await test.spawn(Putter.self, options: SpawnOptions(restart: .temporary))
                try await putter.put(1_000, to: mailbox.address)
                Processes.signal(try await putter.processID(), SIGKILL)
                mailbox.seal()
                var received: [UInt8] = []
                for try await element in mailbox { received += element }
                #expect(received == (0..<1_000).map { UInt8($0 & 255) })
            }
        }

        @Test func `Queue: what cannot be encoded, or is too large, is an error at its sender`() async throws
        {
            try await withTestSystem { test in
                let mailbox = try await test.system.makeMailbox(of: Picky.self)
                let putter = try await test.spawn(Putter.self)
                #expect(try await putter.sendBad(to: mailbox.address) == ["unencodable", "tooLarge"])
                mailbox.seal()
                #expect(try await mailbox.next()?.text == "good")
                #expect(try await mailbox.next()?.text == nil)
            }
        }

        @Test func `Queue: with a stalled consumer the producer waits, and memory is flat`() async throws {
            try await withTestSystem { test in
                let mailbox = try await test.system.makeMailbox(of: [UInt8].self, bytes: 4 << 20)
                let putter = try await test.spawn(Putter.self)
                let sending = Task { try await putter.send(100_000, to: mailbox.address) }
                try await until { try await putter.sentCount() >= 30 }
                let before = try await putter.residentKibibytes()
                for _ in 0..<500 { _ = try await putter.sentCount() }
                #expect(try await putter.sentCount() <= 60)
                #expect(try await putter.residentKibibytes() <= before + 8 << 10)
                sending.cancel()
                await #expect(throws: CancellationError.self) { try await sending.value }
            }
        }

        @Test func `Queue: capacity 1 works`() async throws {
            try await withTestSystem { test in
                let mailbox = try await test.system.makeMailbox(of: [UInt8].self, capacity: 1)
                let putter = try await test.spawn(Putter.self)
                let putting = Task { try await putter.put(500, to: mailbox.address) }
                for number in 0..<500 { #expect(try await mailbox.next() == [UInt8(number & 255)]) }
                try await putting.value
            }
        }

        @Test func `Queue: sending has a deadline and can be cancelled`() async throws {
            try await withTestSystem { test in
                let mailbox = try await test.system.makeMailbox(of: [UInt8].self, capacity: 1)
                let putter = try await test.spawn(Putter.self)
                let late: RemoteCallError? = await caught {
                    try await putter.call(within: .milliseconds(20)) {
                        try await $0.send(1, to: mailbox.address)
                    }
                }
                #expect(late?.code == .deadlineExceeded)
                let sender = try await mailbox.address.open()
                let stuck = Task { while true { try await sender.put([1]) } }
                stuck.cancel()
                await #expect(throws: CancellationError.self) { try await stuck.value }
                // What waited was not sent, and the sender goes on.
                mailbox.seal()
                try await sender.finish()
            }
        }

        @Test func `shared_memory: nothing named is left when everything that had it was killed`()
            async throws
        {
            let before = Set(Directory.names(in: "/dev/shm"))
            let node = try TestProgram.node("--blobs")
            let processes = node.nextNumbers()
            #expect(processes.count == 3)
            node.signal(SIGKILL)
            node.wait()
            try await until { processes.allSatisfy { !Processes.isAlive($0) } }
            #expect(Set(Directory.names(in: "/dev/shm")).subtracting(before) == [])
        }

        @Test(arguments: [[], [120, 0], [0, 0, 0], Array("x\0".utf8), Array(repeating: 0, count: 5_000)])
        func `ShareableList: round trips are exact, zeros at the end too`(bytes: [UInt8]) async throws {
            try await withTestSystem { test in
                let cell = try await test.spawn(Cell<Blob?>.self, nil)
                try await cell.set(Blob(copying: bytes))
                let back = try #require(try await cell.get())
                #expect(back == (try Blob(copying: bytes)))
            }
        }

        @Test func `fork: actors start while threads of the program hold locks`() async throws {
            let holders = (0..<4).map { _ in LockHolder() }
            try await withTestSystem { test in
                for _ in 0..<20 {
                    let cell = try await test.spawn(Cell<String>.self, "there")
                    #expect(try await cell.get() == "there")
                }
            }
            for holder in holders { holder.stop() }
        }
    }
}

/// Takes the locks of the allocator all the time, on a thread of its own.
private final class LockHolder: Sendable {
    private let isStopped = Atomic<Bool>(false)

    init() {
        Thread.detachNewThread { [self] in
            while !isStopped.load(ordering: .relaxed) {
                let memory = UnsafeMutableRawPointer.allocate(byteCount: 100_000, alignment: 16)
                unsafe memory.deallocate()
            }
        }
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }
}
