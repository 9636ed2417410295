import Glibc
import RoostPlatform
import RoostTesting
import RoostWire
import Testing

@testable import Roost

@Suite struct ReceiveBufferTests {
    private static let limit = 300 * 1024

    /// A frame's body, told from every other by its number.
    private static func body(_ number: Int, size: Int) -> [UInt8] {
        var state = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15 | 1
        var body: [UInt8] = []
        body.reserveCapacity(size + 8)
        while body.count < size {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            unsafe withUnsafeBytes(of: state) { unsafe body.append(contentsOf: $0) }
        }
        body.removeLast(body.count - size)
        return body
    }

    private static func frame(_ body: [UInt8]) -> [UInt8] {
        unsafe withUnsafeBytes(of: UInt32(body.count).littleEndian) { unsafe Array($0) } + body
    }

    private static func isSame(_ payload: Payload, _ body: [UInt8]) -> Bool {
        let bytes = unsafe payload.chunk.bytes(payload.range)
        guard bytes.count == body.count, let start = bytes.baseAddress else { return false }
        return unsafe memcmp(start, body, body.count) == 0
    }

    /// A socket pair, what has been written to it and what has come out.
    private final class Wire {
        let pair: Sockets.Pair
        var buffer = ReceiveBuffer(frameLimit: ReceiveBufferTests.limit)
        var expected: [[UInt8]] = []
        var held: [(payload: Payload, body: [UInt8])] = []
        var received = 0
        /// Whether a message stays in use for a while after it came.
        var holds: () -> Bool = { true }

        init() throws { pair = try Sockets.pair(.stream) }

        /// Writes bytes, reading whenever the socket is full.
        func write(_ bytes: ArraySlice<UInt8>) throws {
            var rest = bytes
            while !rest.isEmpty {
                let outcome = unsafe rest.withUnsafeBytes { unsafe Sockets.send(pair.first.raw, $0) }
                if case .moved(let count) = outcome { rest = rest.dropFirst(count) } else { try read() }
            }
        }

        /// Reads until the socket is empty.
        func read() throws {
            while true {
                let (outcome, room) = try unsafe buffer.read(from: pair.second.raw)
                guard case .moved(let count) = outcome else { return #expect(outcome == .wouldBlock) }
                #expect(count <= room && room > 0)
                while let payload = try buffer.nextFrame() { take(payload) }
            }
        }

        private func take(_ payload: Payload) {
            #expect(received < expected.count, "a frame nobody sent")
            guard received < expected.count else { return }
            let body = expected[received]
            #expect(ReceiveBufferTests.isSame(payload, body), "frame \(received) of \(body.count) bytes")
            if holds() { held.append((payload, body)) }
            received += 1
        }

        /// Lets go of messages, which must be as they were when they came.
        func release(_ count: Int) {
            for (payload, body) in held.prefix(count) {
                #expect(ReceiveBufferTests.isSame(payload, body), "a message in use was overwritten")
            }
            held.removeFirst(min(count, held.count))
        }

        func finish() throws {
            try read()
            #expect(received == expected.count)
            release(held.count)
        }
    }

    @Test(arguments: [0, 1, 3, 4, 5, 100, 65_531, 65_532, 65_533, 65_536, 131_072, 204_800])
    func `a frame arrives whole wherever it is cut`(_ size: Int) throws {
        let wire = try Wire()
        let total = size + 4
        let cuts = Set(
            [0, 1, 2, 3, 4, 5, total - 1, total / 2, 65_535, 65_536, 65_537].filter {
                (0..<total).contains($0)
            })
        for (number, cut) in cuts.sorted().enumerated() {
            let body = Self.body(number, size: size)
            let frame = Self.frame(body)
            wire.expected.append(body)
            try wire.write(frame[..<cut])
            try wire.read()
            #expect(wire.received == number)
            try wire.write(frame[cut...])
            try wire.read()
            #expect(wire.received == number + 1)
        }
        try wire.finish()
    }

    @Test func `frames sent byte by byte arrive whole`() throws {
        let wire = try Wire()
        for (number, size) in [0, 1, 2, 17, 0, 300].enumerated() {
            let body = Self.body(number, size: size)
            wire.expected.append(body)
            for byte in Self.frame(body) {
                try wire.write([byte])
                try wire.read()
            }
        }
        try wire.finish()
    }

    @Test func `a frame that begins at any byte near a chunk's end arrives whole`() throws {
        for distance in 0...12 {
            let wire = try Wire()
            let first = Self.body(0, size: ReceiveBuffer.chunkSize - 4 - distance)
            let second = Self.body(1, size: 5_000)
            wire.expected = [first, second]
            try wire.write(Self.frame(first)[...])
            try wire.write(Self.frame(second)[...])
            try wire.finish()
        }
    }

    @Test func `many small frames in one read arrive in order`() throws {
        let wire = try Wire()
        var stream: [UInt8] = []
        for number in 0..<20_000 {
            let body = Self.body(number, size: number % 40)
            wire.expected.append(body)
            stream += Self.frame(body)
        }
        try wire.write(stream[...])
        try wire.finish()
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6])
    func `frames of all sizes, cut anywhere, arrive unchanged while others are in use`(_ seed: UInt64) throws
    {
        var random = SeededGenerator(seed: seed)
        let wire = try Wire()
        let random2 = SeededGenerator(seed: seed &+ 100)
        let share = [0, 2, 5, 8, 10, 10][Int(seed) - 1]
        wire.holds = {
            var random = random2
            return Int.random(in: 0..<10, using: &random) < share
        }
        var stream: ArraySlice<UInt8> = []
        for number in 0..<400 {
            let body = Self.body(number, size: Self.size(&random))
            wire.expected.append(body)
            stream += Self.frame(body)
            while stream.count > 1_000 {
                let piece = min(stream.count, Self.size(&random) + 1)
                try wire.write(stream.prefix(piece))
                stream = stream.dropFirst(piece)
                if Bool.random(using: &random) { try wire.read() }
            }
            stream = ArraySlice(Array(stream))
            wire.release(Int.random(in: 0...3, using: &random))
        }
        try wire.write(stream)
        try wire.finish()
    }

    private static func size(_ random: inout SeededGenerator) -> Int {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: 0
        case 1...5: Int.random(in: 1...200, using: &random)
        case 6, 7: Int.random(in: 200...9_000, using: &random)
        case 8: Int.random(in: 65_500...65_600, using: &random)
        default: Int.random(in: 9_000...204_800, using: &random)
        }
    }

    @Test func `a block that nobody uses any more is used again`() throws {
        let wire = try Wire()
        wire.holds = { false }
        var chunks: Set<ObjectIdentifier> = []
        for number in 0..<100 {
            let body = Self.body(number, size: 1_000)
            try wire.write(Self.frame(body)[...])
            _ = try unsafe wire.buffer.read(from: wire.pair.second.raw)
            let payload = try #require(try wire.buffer.nextFrame())
            #expect(Self.isSame(payload, body))
            chunks.insert(ObjectIdentifier(payload.chunk))
        }
        #expect(chunks.count == 1)
    }

    @Test func `a frame above the limit is refused before its body comes`() throws {
        let wire = try Wire()
        try wire.write([0xFF, 0xFF, 0xFF, 0x7F])
        _ = try unsafe wire.buffer.read(from: wire.pair.second.raw)
        let error = #expect(throws: WireError.self) { try wire.buffer.nextFrame() }
        #expect(error?.code == .tooLarge)
        #expect(throws: WireError.self) { try unsafe wire.buffer.read(from: wire.pair.second.raw) }
    }

    @Test func `the end of the socket is told after the last whole frame`() throws {
        let (first, second) = try Sockets.pair(.stream).ends()
        let socket = Descriptor(owning: second)
        var buffer = ReceiveBuffer(frameLimit: Self.limit)
        let body = Self.body(1, size: 10)
        let bytes = Self.frame(body) + [9, 0, 0]
        #expect(unsafe bytes.withUnsafeBytes { unsafe Sockets.send(first, $0) } == .moved(17))
        // Shut down as well: a process that another test has just forked may hold a copy until its exec.
        Sockets.shutDown(first)
        Descriptor(owning: first).close()
        #expect(try unsafe buffer.read(from: socket.raw).outcome == .moved(17))
        let payload = try #require(try buffer.nextFrame())
        #expect(Self.isSame(payload, body))
        #expect(try buffer.nextFrame() == nil)
        #expect(try unsafe buffer.read(from: socket.raw).outcome == .ended)
        #expect(try buffer.nextFrame() == nil)
    }

    @Test func `descriptors that come along are gathered`() throws {
        let carrier = try Sockets.pair(.stream)
        let (here, there) = try Sockets.pair(.stream).ends()
        let kept = Descriptor(owning: here)
        let frame = Self.frame([1, 2, 3])
        let sent = unsafe frame.withUnsafeBytes {
            unsafe Sockets.send(carrier.first.raw, $0, descriptors: [there])
        }
        #expect(sent == .moved(7))
        Descriptor(owning: there).close()
        var buffer = ReceiveBuffer(frameLimit: Self.limit)
        var descriptors: [Int32] = []
        let outcome = try unsafe withUnsafeMutablePointer(to: &descriptors) { descriptors throws(WireError) in
            try unsafe buffer.read(from: carrier.second.raw, descriptors: descriptors).outcome
        }
        #expect(outcome == .moved(7))
        #expect(try buffer.nextFrame()?.count == 3)
        try #require(descriptors.count == 1)
        let end = Descriptor(owning: descriptors[0])
        #expect(
            unsafe [UInt8](repeating: 1, count: 1).withUnsafeBytes { unsafe Sockets.send(end.raw, $0) }
                == .moved(1))
        var byte: [UInt8] = [0]
        #expect(
            unsafe byte.withUnsafeMutableBytes { unsafe Sockets.receive(kept.raw, into: $0) } == .moved(1))
    }

    @Test func `a frame that is only announced gets little memory`() throws {
        let pair = try Sockets.pair(.stream)
        var buffer = ReceiveBuffer(frameLimit: 256 << 20)
        func write(_ bytes: [UInt8]) {
            let outcome = unsafe bytes.withUnsafeBytes { unsafe Sockets.send(pair.first.raw, $0) }
            #expect(outcome == .moved(bytes.count))
        }
        write([0, 0, 0, 16] + [UInt8](repeating: 7, count: 96))
        var taken = 0
        for _ in 0..<100 {
            let (outcome, room) = try unsafe buffer.read(from: pair.second.raw)
            guard case .moved(let count) = outcome else { Issue.record("\(outcome)"); return }
            taken += count
            #expect(room <= max(1 << 20, 2 * taken))
            let frame = try buffer.nextFrame()
            #expect(frame == nil)
            write([UInt8](repeating: 7, count: 60_000))
        }
    }
}
