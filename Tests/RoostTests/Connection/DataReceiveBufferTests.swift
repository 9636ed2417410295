import Glibc
import RoostPlatform
import RoostWire
import Testing

@testable import Roost

/// Frames by hand, read from a real socket.
@Suite struct DataReceiveBufferTests {
    private static let limit = 1_000

    private static func frame(_ header: FrameHeader, _ rest: [UInt8] = []) -> [UInt8] {
        let writer = ByteWriter()
        let start = FrameScanner.beginFrame(in: writer)
        header.write(to: writer)
        unsafe rest.withUnsafeBytes { unsafe writer.append($0) }
        do { try FrameScanner(limit: 1 << 20).endFrame(start, in: writer) } catch { Issue.record(error) }
        return unsafe Array(writer.bytes)
    }

    private static func large(
        _ number: UInt32, of size: UInt64, _ beginning: [UInt8] = [], descriptors: UInt16 = 0
    ) -> [UInt8] {
        let announced = unsafe withUnsafeBytes(of: size.littleEndian) { unsafe Array($0) }
        return frame(FrameHeader(kind: .large, target: descriptors, call: number), announced + beginning)
    }

    private static func piece(_ number: UInt32, _ bytes: [UInt8]) -> [UInt8] {
        frame(FrameHeader(kind: .piece, call: number), bytes)
    }

    private static func abandon(_ number: UInt32) -> [UInt8] {
        frame(FrameHeader(kind: .abandon, call: number))
    }

    private static func small(_ number: UInt32) -> [UInt8] { frame(FrameHeader(kind: .reply, call: number)) }

    /// A socket pair and what has come out.
    private final class Wire {
        let pair: Sockets.Pair
        var buffer = DataReceiveBuffer(frameLimit: DataReceiveBufferTests.limit)
        var large: [[UInt8]] = []
        var order: [String] = []

        init() throws { pair = try Sockets.pair(.stream) }

        func send(_ bytes: some Collection<UInt8>, descriptors: [Int32] = []) {
            let outcome = unsafe Array(bytes).withUnsafeBytes {
                unsafe Sockets.send(pair.first.raw, $0, descriptors: descriptors)
            }
            #expect(outcome == .moved(bytes.count))
        }

        /// Reads until the socket is empty.
        func read() throws(WireError) {
            while true {
                let (outcome, _) = try buffer.read(from: pair.second.raw)
                guard case .moved = outcome else { return #expect(outcome == .wouldBlock) }
                while let frame = try buffer.nextFrame() { take(frame) }
                try buffer.checkBatches()
            }
        }

        private func take(_ frame: InboundFrame) {
            let bytes = unsafe Array(frame.payload.chunk.bytes(frame.payload.range))
            if frame.isAssembled {
                large.append(bytes)
                order.append("large \(bytes.first ?? 0)")
            } else {
                order.append("small \(bytes[8])")
            }
        }

        /// Sends frames one by one, reading after each; the error that comes of it.
        func error(of frames: [[UInt8]]) -> WireError? {
            do {
                for frame in frames {
                    send(frame)
                    try read()
                }
                return nil
            } catch {
                return error
            }
        }
    }

    // MARK: What arrives

    /// Every order of three sequences, each of which keeps its own.
    private static func interleavings(_ lists: [[[UInt8]]]) -> [[[UInt8]]] {
        if lists.allSatisfy(\.isEmpty) { return [[]] }
        return lists.indices.filter { !lists[$0].isEmpty }.flatMap { index in
            var rest = lists
            let next = rest[index].removeFirst()
            return interleavings(rest).map { [next] + $0 }
        }
    }

    @Test(arguments: [1, 7, 16, 17, 41, 10_000])
    func `pieces and small frames in any order, cut anywhere, arrive whole`(_ step: Int) throws {
        let one = [Self.large(1, of: 6, [1]), Self.piece(1, [2, 3]), Self.piece(1, [4, 5, 6])]
        let other = [Self.large(2, of: 4), Self.piece(2, [2]), Self.piece(2, [9, 9, 9])]
        let smalls = [Self.small(7), Self.small(8)]
        let orders = Self.interleavings([one, other, smalls])
        #expect(orders.count == 560)
        for frames in orders {
            let wire = try Wire()
            var rest = frames.flatMap(\.self)[...]
            while !rest.isEmpty {
                wire.send(rest.prefix(step))
                rest = rest.dropFirst(step)
                try wire.read()
            }
            let ends = frames.compactMap { frame in
                if frame == one[2] { return "large 1" }
                if frame == other[2] { return "large 2" }
                return smalls.firstIndex(of: frame).map { "small \($0 + 7)" }
            }
            #expect(wire.order == ends)
            #expect(Set(wire.large) == [[1, 2, 3, 4, 5, 6], [2, 9, 9, 9]])
        }
    }

    @Test func `an abandoned message is forgotten, and its number is free again`() throws {
        let wire = try Wire()
        let frames = [
            Self.large(1, of: 3, [1]), Self.piece(1, [2]), Self.abandon(1), Self.small(7),
            Self.large(1, of: 2, [5]), Self.piece(1, [6]),
        ]
        #expect(wire.error(of: frames) == nil)
        #expect(wire.large == [[5, 6]] && wire.order == ["small 7", "large 5"])
    }

    @Test func `as many as may be open arrive together`() throws {
        let wire = try Wire()
        let numbers = (0..<UInt32(OutgoingStreams.maximumOpen)).map { $0 + 1 }
        let frames = numbers.map { Self.large($0, of: 2, [UInt8($0)]) }
        #expect(wire.error(of: frames + numbers.reversed().map { Self.piece($0, [0]) }) == nil)
        #expect(wire.large == numbers.reversed().map { [UInt8($0), 0] })
    }

    @Test func `a message of exactly the limit arrives`() throws {
        let wire = try Wire()
        let piece = [UInt8](repeating: 3, count: Self.limit / 2)
        #expect(
            wire.error(of: [
                Self.large(1, of: UInt64(Self.limit)), Self.piece(1, piece), Self.piece(1, piece),
            ])
                == nil)
        #expect(wire.large == [piece + piece])
    }

    // MARK: What is refused

    private static let violations: [(what: String, frames: [[UInt8]], code: WireError.Code)] = [
        ("a piece of nothing", [piece(1, [1])], .malformed),
        ("a piece of another", [large(1, of: 3), piece(2, [1])], .malformed),
        ("a piece without bytes", [large(1, of: 3), piece(1, [])], .malformed),
        ("a piece with a byte too many", [large(1, of: 3, [1]), piece(1, [1, 2, 3])], .malformed),
        ("a piece after the last", [large(1, of: 2, [1]), piece(1, [2]), piece(1, [3])], .malformed),
        ("a piece after the end", [large(1, of: 3), abandon(1), piece(1, [3])], .malformed),
        ("the end of nothing", [abandon(1)], .malformed),
        ("the end after the last", [large(1, of: 2, [1]), piece(1, [2]), abandon(1)], .malformed),
        ("the beginning twice", [large(1, of: 3), large(1, of: 3)], .malformed),
        ("all of it at once", [large(1, of: 1, [1])], .malformed),
        ("more than all of it at once", [large(1, of: 1, [1, 2])], .malformed),
        ("nothing, in pieces", [large(1, of: 0)], .malformed),
        ("a beginning without a size", [frame(FrameHeader(kind: .large, call: 1), [1, 2, 3])], .truncated),
        ("one byte more than the limit", [large(1, of: UInt64(limit) + 1)], .tooLarge),
        ("as much as can be said", [large(1, of: .max)], .tooLarge),
        (
            "a piece beyond the limit", [large(1, of: 3), piece(1, [UInt8](repeating: 0, count: limit))],
            .tooLarge
        ),
        ("a piece without a header", [[3, 0, 0, 0, FrameKind.piece.rawValue, 0, 0]], .truncated),
        ("an end without a header", [[1, 0, 0, 0, FrameKind.abandon.rawValue]], .truncated),
        ("one too many", (0...UInt32(OutgoingStreams.maximumOpen)).map { large($0 + 1, of: 3) }, .malformed),
        ("descriptors that do not come", [large(1, of: 3, descriptors: 1)], .malformed),
    ]

    @Test(arguments: violations.indices) func `a violation is an error`(_ index: Int) throws {
        let (what, frames, code) = Self.violations[index]
        #expect(try Wire().error(of: frames)?.code == code, "\(what)")
        // The same in one go.
        #expect(try Wire().error(of: [frames.flatMap(\.self)])?.code == code, "\(what)")
    }

    // MARK: Descriptors

    @Test func `descriptors that no frame tells of are an error`() throws {
        let wire = try Wire()
        wire.send(Self.small(1), descriptors: [wire.pair.first.raw])
        #expect(throws: WireError.self) { try wire.read() }
        let cut = try Wire()
        // They may belong to the frame that has begun; a second lot cannot.
        let frame = Self.small(1)
        cut.send(frame[..<3], descriptors: [cut.pair.first.raw])
        try cut.read()
        cut.send(frame[3..<5], descriptors: [cut.pair.first.raw])
        #expect(throws: WireError.self) { try cut.read() }
    }

    @Test(arguments: [0, 1, 3]) func `others than a frame tells of are an error`(_ count: Int) throws {
        let wire = try Wire()
        wire.send(
            Self.large(1, of: 3, descriptors: 2),
            descriptors: [Int32](repeating: wire.pair.first.raw, count: count))
        #expect(throws: WireError.self) { try wire.read() }
    }

    @Test func `each frame gets its own descriptors, in the order of the frames`() throws {
        let wire = try Wire()
        let raw = wire.pair.first.raw
        wire.send(Self.large(1, of: 2, [1], descriptors: 1), descriptors: [raw])
        wire.send(Self.small(5))
        wire.send(Self.large(2, of: 2, [2], descriptors: 2), descriptors: [raw, raw])
        wire.send(Self.piece(2, [0]) + Self.piece(1, [0]))
        var counts: [Int?] = []
        while case .moved = try wire.buffer.read(from: wire.pair.second.raw).outcome {
            while let frame = try wire.buffer.nextFrame() { counts.append(frame.batch?.descriptors.count) }
            try wire.buffer.checkBatches()
        }
        #expect(counts == [nil, 2, 1])
    }

    @Test func `what was not handed out is let go of at the end`() throws {
        let wire = try Wire()
        let pair = try Sockets.pair(.stream)
        let (mine, sent) = pair.ends()
        let kept = Descriptor(owning: mine)
        wire.send(Self.large(1, of: 3, [1], descriptors: 1), descriptors: [sent])
        Descriptor(owning: sent).close()
        try wire.read()
        #expect(isOpen(kept.raw))
        wire.buffer.removeAll()
        #expect(!isOpen(kept.raw))
    }

    /// Whether somebody has the other end.
    private func isOpen(_ socket: Int32) -> Bool {
        var entry = pollfd(fd: socket, events: 0, revents: 0)
        return retryingInterrupts { unsafe Int(poll(&entry, 1, 0)) } == 0
    }
}
