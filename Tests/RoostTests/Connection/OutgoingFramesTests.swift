import Glibc
import RoostPlatform
import RoostTesting
import RoostWire
import Testing

@testable import Roost

@Suite struct OutgoingFramesTests {
    private static let pieceSize = OutgoingStreams.pieceSize
    /// Shared by the messages of all tests: it is only read.
    private static let bodies: [ByteWriter] = [8, 2 * pieceSize, 2 * pieceSize + 1].map { size in
        let writer = ByteWriter()
        let bytes = [UInt8](repeating: 1, count: size)
        unsafe bytes.withUnsafeBytes { unsafe writer.append($0) }
        return writer
    }

    // MARK: Every sequence of events

    private enum Event: CaseIterable {
        case smallToOne, largeToOne, largerToTwo, largeReply, write, writeHalf, abandonFirst, abandonLast
    }

    /// A connection's frames, and what a receiver would make of what leaves.
    private struct Line {
        var frames = OutgoingFrames(scanner: FrameScanner(limit: 64 << 20))
        private var gathered: [UInt8] = []
        private var open: [UInt32: (call: UInt32, left: Int)] = [:]
        private var pieceLeft = 0
        private var nextCall: UInt32 = 0
        private(set) var sent: [UInt32: [UInt32]] = [1: [], 2: []]
        private(set) var replies = 0
        /// In the order in which they left whole.
        private(set) var arrived: [UInt32] = []
        private(set) var calledOff: [UInt32] = []

        mutating func send(_ body: ByteWriter, to receiver: UInt32) {
            nextCall += 1
            sent[receiver, default: []].append(nextCall)
            let message = OutgoingMessage(target: 0, sections: MessageSections(), arguments: body, call: nil)
            frames.append(FrameHeader(kind: .call, receiver: receiver, call: nextCall), message)
        }

        mutating func reply(_ body: ByteWriter) {
            nextCall += 1
            replies += 1
            frames.append(reply: .value, to: nextCall, body)
        }

        mutating func abandon(_ call: UInt32?) {
            guard let call, !arrived.contains(call), !calledOff.contains(call) else { return }
            let receiver: UInt32 = sent[1]?.contains(call) == true ? 1 : 2
            if frames.abandon(call: call, to: receiver) { calledOff.append(call) }
        }

        mutating func write(half: Bool) {
            guard let next = frames.nextWrite() else { return }
            let whole = unsafe next.first.count + next.second.count
            let count = half ? (whole + 1) / 2 : whole
            if next.isPiece {
                tookPiece(next, count)
            } else {
                unsafe gathered += next.first.prefix(count)
                parse()
            }
            frames.wrote(count)
        }

        private var current: UInt32 = 0

        private mutating func tookPiece(_ next: OutgoingFrames.Write, _ count: Int) {
            if unsafe next.first.count == 16 {
                current = unsafe next.first.loadUnaligned(fromByteOffset: 12, as: UInt32.self)
                let length = unsafe next.first.loadUnaligned(as: UInt32.self)
                pieceLeft = Int(length) - FrameHeader.size
                #expect(unsafe pieceLeft == next.second.count && pieceLeft <= OutgoingStreams.pieceSize)
                #expect(open[current] != nil, "a piece of what has not begun")
            }
            let ofBody = unsafe max(0, count - next.first.count)
            pieceLeft -= ofBody
            open[current]?.left -= ofBody
            if let stream = open[current], stream.left == 0 {
                open[current] = nil
                arrived.append(stream.call)
            }
        }

        private mutating func parse() {
            let scanner = FrameScanner(limit: 64 << 20)
            var offset = 0
            unsafe gathered.withUnsafeBytes { bytes in
                while let body = try? unsafe scanner.nextFrame(in: bytes, at: offset) {
                    offset = body.upperBound
                    var reader = unsafe ByteReader(UnsafeRawBufferPointer(rebasing: bytes[body]))
                    guard let header = try? FrameHeader(from: &reader) else {
                        Issue.record("no header")
                        return
                    }
                    take(header, &reader)
                }
            }
            gathered.removeFirst(offset)
        }

        private mutating func take(_ header: FrameHeader, _ reader: inout ByteReader) {
            switch header.kind {
            case .large:
                let size = (try? reader.readFixed(UInt64.self)) ?? 0
                let begun = reader.remaining
                let inner = try? FrameHeader(from: &reader)
                #expect(open[header.call] == nil && open.count < OutgoingStreams.maximumOpen)
                open[header.call] = (inner?.call ?? 0, Int(size) - begun)
            case .abandon:
                #expect(open.removeValue(forKey: header.call) != nil, "the end of what has not begun")
            case .call, .reply:
                arrived.append(header.call)
            default:
                Issue.record("\(header.kind)")
            }
        }

        mutating func writeAll() {
            while !frames.isEmpty { write(half: false) }
            #expect(open.isEmpty && gathered.isEmpty)
        }

        /// Whether the calls to each actor are these, in their order.
        func isInOrder(_ calls: [UInt32]) -> Bool {
            sent.values.allSatisfy { sent in
                calls.filter(sent.contains) == sent.filter { calls.contains($0) }
            }
        }
    }

    private func apply(_ event: Event, _ line: inout Line) {
        let calls = (line.sent[1] ?? []) + (line.sent[2] ?? [])
        switch event {
        case .smallToOne: line.send(Self.bodies[0], to: 1)
        case .largeToOne: line.send(Self.bodies[1], to: 1)
        case .largerToTwo: line.send(Self.bodies[2], to: 2)
        case .largeReply: line.reply(Self.bodies[1])
        case .write: line.write(half: false)
        case .writeHalf: line.write(half: true)
        case .abandonFirst: line.abandon(calls.min())
        case .abandonLast: line.abandon(calls.max())
        }
    }

    /// Every sequence of so many events, each played to a line of its own.
    private func forEachSequence(of length: Int, _ body: (inout Line, [Event]) -> Void) {
        let events = Event.allCases
        let count = (0..<length).reduce(1) { count, _ in count * events.count }
        for number in 0..<count {
            var line = Line()
            var rest = number
            let happened = (0..<length).map { _ in
                defer { rest /= events.count }
                return events[rest % events.count]
            }
            for event in happened { apply(event, &line) }
            body(&line, happened)
        }
    }

    @Test func `after every sequence of events, each message leaves once, in order, or not at all`() {
        forEachSequence(of: 4) { line, events in
            line.writeAll()
            check(line, line.arrived, replies: line.replies, events)
        }
    }

    @Test func `after every sequence of events, what has not left whole is given back in order`() {
        forEachSequence(of: 4) { line, events in
            let unsent = line.frames.takeUnsent().map(\.header.call)
            #expect(line.frames.isEmpty)
            check(line, line.arrived + unsent, replies: nil, events)
        }
    }

    private func check(_ line: Line, _ all: [UInt32], replies: Int?, _ events: [Event]) {
        let calls = Set((line.sent[1] ?? []) + (line.sent[2] ?? []))
        let arrived = all.filter(calls.contains)
        // Not an expectation: there are tens of thousands.
        if line.isInOrder(arrived), Set(arrived).count == arrived.count,
            Set(arrived) == calls.subtracting(line.calledOff),
            replies == nil || all.count - arrived.count == replies
        {
            return
        }
        Issue.record("\(events): \(all) of \(line.sent), called off \(line.calledOff)")
    }

    // MARK: At random, over a socket

    @Test(arguments: 1...20) func `whatever is sent arrives as it was, and small messages wait for one piece`(
        _ seed: UInt64
    ) throws {
        let pipe = try Pipe(seed: seed)
        for _ in 0..<60 {
            let size = [0, 1, 300, 5_000, 262_144, 262_145, 700_000].randomElement(using: &pipe.random) ?? 0
            pipe.send(size: size, to: UInt32.random(in: 1...3, using: &pipe.random))
            for _ in 0..<Int.random(in: 0...3, using: &pipe.random) { try pipe.write() }
        }
        while !pipe.frames.isEmpty { try pipe.write() }
        for (receiver, sent) in pipe.sent { #expect(pipe.arrived[receiver] ?? [] == sent, "to \(receiver)") }
    }

    /// Both ends of a connection.
    private final class Pipe {
        let pair: Sockets.Pair
        var random: SeededGenerator
        var frames = OutgoingFrames(scanner: FrameScanner(limit: 1 << 20))
        var buffer = DataReceiveBuffer(frameLimit: 1 << 20)
        var sent: [UInt32: [UInt32]] = [:]
        var arrived: [UInt32: [UInt32]] = [:]
        private var number: UInt32 = 0
        private var written = 0
        /// Small messages to actors without a large one before them: by when they must have left.
        private var due: [UInt32: Int] = [:]

        init(seed: UInt64) throws {
            pair = try Sockets.pair(.stream)
            random = SeededGenerator(seed: seed)
        }

        func send(size: Int, to receiver: UInt32) {
            number += 1
            let body = ByteWriter()
            let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: size)
            unsafe bytes.withUnsafeBytes { unsafe body.append($0) }
            let isFree = (sent[receiver] ?? []).count == (arrived[receiver] ?? []).count
            if size < 1_000 && isFree {
                let inBuffer = frames.gathered.count + size + 100
                due[number] = written + inBuffer + OutgoingStreams.pieceSize + 16
            }
            sent[receiver, default: []].append(number)
            let message = OutgoingMessage(target: 0, sections: MessageSections(), arguments: body, call: nil)
            frames.append(FrameHeader(kind: .call, receiver: receiver, call: number), message)
        }

        func write() throws {
            guard let next = frames.nextWrite() else { return }
            let outcome = unsafe Sockets.send(pair.first.raw, next.first, next.second, descriptors: [])
            if case .moved(let count) = outcome {
                frames.wrote(count)
                written += count
            }
            try read()
        }

        private func read() throws {
            while case .moved = try buffer.read(from: pair.second.raw).outcome {
                while let frame = try buffer.nextFrame() { try take(frame.payload) }
            }
        }

        private func take(_ payload: Payload) throws {
            var reader = payload.reader
            let header = try FrameHeader(from: &reader)
            arrived[header.receiver, default: []].append(header.call)
            let body = unsafe Array(reader.unread)
            let wanted = [UInt8](repeating: UInt8(truncatingIfNeeded: header.call), count: body.count)
            #expect(body == wanted)
            if let latest = due[header.call] {
                #expect(written <= latest, "message \(header.call) came late")
            }
        }
    }
}
