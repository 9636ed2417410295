import RoostTesting
import RoostWire
import Testing

@testable import Roost

/// What a sender that keeps no rules can do to a mailbox: nothing.
@Suite struct HostileSenderTests {
    private let key = SenderKey(process: 99, number: 1)

    private func withEnd(
        capacity: Int, bytes: Int = 1_000, _ body: (ReceivingEnd, ActorHost) async throws -> Void
    ) async throws {
        try await withTestSystem { test in
            let host = test.system.host
            let room = CreditShare(messages: capacity, bytes: bytes)
            let end = try #require(
                host.mailboxes.makeReceiving {
                    ReceivingEnd(number: $0, room: room, name: "mailbox", host: host)
                })
            try await body(end, host)
        }
    }

    private func payload(_ bytes: [UInt8]) -> Payload {
        unsafe bytes.withUnsafeBytes { bytes in
            Payload(chunk: unsafe Chunk(copying: bytes), range: 0..<bytes.count)
        }
    }

    @Test func `more than was granted is a violation`() async throws {
        try await withEnd(capacity: 64) { end, host in
            try end.handle(.open(nil, name: ""), .empty, from: key, over: .local(host))
            // The first grant is two.
            try end.handle(.elements(count: 2), payload([0x81, 0x82]), from: key, over: .local(host))
            #expect(throws: WireError.self) {
                try end.handle(.elements(count: 1), payload([0x83]), from: key, over: .local(host))
            }
        }
    }

    @Test func `more bytes than were granted are a violation, unless it is one element`() async throws {
        try await withEnd(capacity: 640, bytes: 320) { end, host in
            try end.handle(.open(nil, name: ""), .empty, from: key, over: .local(host))
            let large = payload([UInt8](repeating: 0x81, count: 100))
            try end.handle(.elements(count: 1), large, from: key, over: .local(host))
            #expect(throws: WireError.self) {
                try end.handle(.elements(count: 1), payload([0x83]), from: key, over: .local(host))
            }
        }
    }

    @Test func `a lowered limit that is confirmed and not kept to is a violation`() async throws {
        try await withEnd(capacity: 64) { end, host in
            let other = SenderKey(process: 98, number: 1)
            for key in [key, other] {
                try end.handle(.open(nil, name: ""), .empty, from: key, over: .local(host))
            }
            try end.handle(.needCredit, .empty, from: key, over: .local(host))
            let many = payload([UInt8](repeating: 0x81, count: 60))
            try end.handle(.elements(count: 60), many, from: key, over: .local(host))
            try end.handle(.needCredit, .empty, from: other, over: .local(host))
            #expect(throws: WireError.self) {
                try end.handle(.limited(count: 1, givesBack: false), .empty, from: key, over: .local(host))
            }
        }
    }

    @Test func `opening twice is a violation, and who has not opened is not heard`() async throws {
        try await withEnd(capacity: 64) { end, host in
            for order in [
                ToMailbox.elements(count: 1), .needCredit, .limited(count: 9, givesBack: true), .finish,
            ] {
                try end.handle(order, payload([0x81]), from: key, over: .local(host))
            }
            try end.handle(.open(nil, name: ""), .empty, from: key, over: .local(host))
            #expect(throws: WireError.self) {
                try end.handle(.open(nil, name: ""), .empty, from: key, over: .local(host))
            }
        }
    }

    @Test func `a count that is not the number of values loses the sender, and nothing is read beyond`()
        async throws
    {
        for (count, bytes) in [
            (3, [0x81, 0x82] as [UInt8]), (1, [0x81, 0x82]), (1, [0xFF, 0x3F]), (1, [0x3F]),
        ] {
            try await withEnd(capacity: 640) { end, host in
                try end.handle(.open(nil, name: "liar"), .empty, from: key, over: .local(host))
                try end.handle(.elements(count: count), payload(bytes), from: key, over: .local(host))
                try end.handle(.elements(count: 1), payload([0x85]), from: key, over: .local(host))
                end.seal()
                var taken: [Int] = []
                while let element = try await end.takeLater(Int.self) { taken.append(element) }
                #expect(!taken.contains(5))
                var losses = end.losses.makeAsyncIterator()
                let loss = await losses.next()
                #expect(loss?.senderName == "liar" && loss?.received == taken.count)
            }
        }
    }

    @Test func `any orders and any bytes leave the mailbox in order`() async throws {
        try await withEnd(capacity: 32) { end, host in
            var random = SplitMix(state: 7)
            for _ in 0..<3_000 {
                let key = SenderKey(process: 99, number: UInt32(random.next() % 4))
                let noise = (0..<Int(random.next() % 12) + 1).map { _ in
                    UInt8(truncatingIfNeeded: random.next())
                }
                let order: ToMailbox =
                    switch random.next() % 6 {
                    case 0: .open(nil, name: "noise")
                    case 1: .elements(count: Int(random.next() % UInt64(noise.count)) + 1)
                    case 2: .needCredit
                    case 3: .limited(count: Int(random.next() % 3), givesBack: random.next() % 2 == 0)
                    case 4: .askReceipt(random.next())
                    default: .finish
                    }
                do {
                    try end.handle(order, payload(noise), from: key, over: .local(host))
                } catch {
                    // What a violation leads to: the process is lost.
                    try end.handle(.finish, .empty, from: key, over: .local(host))
                }
                if random.next() % 4 == 0 { _ = end.takeNow(Int.self) }
            }
            end.seal()
            for number in 0..<4 as Range<UInt32> {
                let key = SenderKey(process: 99, number: number)
                try end.handle(.finish, .empty, from: key, over: .local(host))
            }
            while try await end.takeLater(Int.self) != nil {}
            #expect(end.isDrained)
        }
    }

    private struct SplitMix {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
