import RoostWire
import Testing
import WireSamples

@Suite struct ControlMessageTests {
    @Test func `each message of the node has its bytes`() throws {
        for (message, hex) in MessageSamples.node { try check(message, hex) }
    }

    @Test func `each message of a worker has its bytes`() throws {
        for (message, hex) in MessageSamples.worker { try check(message, hex) }
    }

    @Test func `each refusal and failure has its bytes`() throws {
        for (refusal, hex) in MessageSamples.refusals { try check(refusal, hex) }
    }

    private func check<T: Codable & Equatable>(
        _ message: T, _ golden: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let text = golden.filter { !$0.isWhitespace }
        let written = hex(try Wire.bytes(message))
        #expect(written == text, "\(message)", sourceLocation: sourceLocation)
        #expect(try Wire.value(T.self, bytes(text)) == message, sourceLocation: sourceLocation)
    }

    @Test func `a message cut off anywhere is an error with a type`() throws {
        for (message, _) in MessageSamples.node { try cut(message) }
        for (message, _) in MessageSamples.worker { try cut(message) }
        for (refusal, _) in MessageSamples.refusals { try cut(refusal) }
        try cut(MessageSamples.failure)
    }

    private func cut<T: Codable>(_ message: T) throws {
        let whole = try Wire.bytes(message)
        for length in 0..<whole.count {
            do {
                _ = try Wire.value(T.self, Array(whole.prefix(length)))
                Issue.record("\(length) of \(whole.count) bytes of \(message) were taken for a message")
            } catch is WireError {
            } catch is DecodingError {
            } catch {
                Issue.record("\(error) has no known type")
            }
        }
    }

    @Test func `a byte too many is an error`() throws {
        for (message, _) in MessageSamples.worker {
            let error = #expect(throws: WireError.self) {
                try Wire.value(WorkerMessage.self, try Wire.bytes(message) + [0])
            }
            #expect(error?.code == .trailingBytes)
        }
    }

    @Test func `a message of the one side is none of the other's`() throws {
        let order = try Wire.bytes(NodeMessage.start(MessageSamples.order))
        #expect(throws: DecodingError.self) { try Wire.value(WorkerMessage.self, order) }
        let ready = try Wire.bytes(WorkerMessage.ready)
        #expect(throws: DecodingError.self) { try Wire.value(NodeMessage.self, ready) }
    }

    @Test func `a refusal for a reason that this version does not know is an error`() throws {
        struct Other: Codable {
            var reason: UInt8
            var detail: String
        }
        #expect(throws: DecodingError.self) {
            try Wire.value(Refusal.self, try Wire.bytes(Other(reason: 6, detail: "")))
        }
    }

    @Test func `an actor's key says whether the actor was spawned`() {
        #expect(ActorKey.spawned(5) == ActorKey(owner: 0, number: 5))
        #expect(ActorKey.spawned(5).isSpawned && !ActorKey(owner: 1, number: 5).isSpawned)
        #expect(ActorKey.spawned(5).description == "#5")
        #expect(ActorKey(owner: 7, number: 5).description == "#7.5")
    }

    // MARK: Damage

    @Test func `damaged messages are errors with a type, or other messages`() throws {
        let samples =
            try MessageSamples.node.map { try Wire.bytes($0.message) }
            + MessageSamples.worker.map { try Wire.bytes($0.message) }
        var random = SplitMix64(seed: 77)
        let end = ContinuousClock.now + .seconds(1)
        var rounds = 0
        while ContinuousClock.now < end || rounds < 100 {
            guard var damaged = samples.randomElement(using: &random) else { break }
            for _ in 0..<Int.random(in: 1...3, using: &random) { Self.damage(&damaged, using: &random) }
            try read(damaged, as: NodeMessage.self)
            try read(damaged, as: WorkerMessage.self)
            rounds += 1
        }
    }

    private static func damage(_ bytes: inout [UInt8], using random: inout SplitMix64) {
        guard let position = bytes.indices.randomElement(using: &random) else { return }
        switch UInt8.random(in: 0..<5, using: &random) {
        case 0: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[position] = UInt8.random(in: 0...255, using: &random)
        case 2: bytes.removeSubrange(position...)
        case 3: bytes.remove(at: position)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: position)
        }
    }

    private func read<T: Codable & Equatable>(_ bytes: [UInt8], as type: T.Type) throws {
        let message: T
        do {
            message = try Wire.value(T.self, bytes)
        } catch is WireError {
            return
        } catch is DecodingError {
            return
        }
        // What was taken for a message is one: it survives being sent on.
        #expect(try Wire.roundTrip(message) == message)
    }
}
