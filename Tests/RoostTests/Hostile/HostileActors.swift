import Distributed
import Glibc
import RoostTesting
import RoostWire
import WireSamples

@testable import Roost

/// What is shot at: answers whatever well-formed message comes, and can be hurt by nothing but Roost itself.
distributed actor Bystander: ProcessActor {
    private var last = 0

    distributed func answer(_ number: Int) -> Int {
        last = number
        return ~number
    }
    distributed func note(_ number: Int) { last = number }
    distributed func bytes(_ bytes: [UInt8]) -> Int { bytes.count }
    distributed func shape(_ shape: Shape) -> Shape { shape }
    distributed func texts(_ texts: [String: [String]]) -> Int { texts.count }
    distributed func generic<T: Codable & Sendable>(_ value: T) -> T { value }
    distributed func reach(_ other: Bystander?) async -> Int? { try? await other?.answer(1) }
    distributed func processID() -> Int32 { getpid() }
    /// Asks another, from this process.
    distributed func ask(_ other: Bystander, _ number: Int) async throws -> Int {
        try await other.answer(number)
    }
    distributed func lastTold() -> Int { last }
    distributed func ask(near other: Neighbour, _ number: Int) async throws -> Int {
        try await other.answer(number)
    }
    distributed func memory() -> Int { Processes.residentKibibytes }
    distributed func descriptors() -> Int { Processes.openDescriptors }
}

/// The same in the node's own process.
distributed actor Neighbour {
    typealias ActorSystem = ProcessActorSystem
    private var last = 0

    distributed func answer(_ number: Int) -> Int {
        last = number
        return ~number
    }
    distributed func note(_ number: Int) { last = number }
    distributed func shape(_ shape: Shape) -> Shape { shape }
    distributed func generic<T: Codable & Sendable>(_ value: T) -> T { value }
    distributed func reach(_ other: Bystander?) async -> Int? { try? await other?.answer(1) }
}

/// Its methods are no other actor's: a target of the wrong type.
distributed actor Decoy: ProcessActor {
    private var words: [String] = []
    private var numbers: [Int] = Array(0..<64)

    distributed func say(_ word: String) -> [String] {
        words.append(word)
        return words
    }
    distributed func sum(_ number: Int) -> Int {
        numbers.append(number)
        return numbers.count
    }
}

/// What a volley is aimed at.
enum Aim: Int, Codable, CaseIterable, Sendable {
    case nodeControl
    case nodeData
    case worker
    case crashPipe
}

/// Writes to its own sockets what Roost never would.
distributed actor Attacker: ProcessActor {
    private var nodeSocket: RawSocket?
    private var workerSocket: RawSocket?
    private var samples: [[UInt8]] = []
    fileprivate var unfinished: ArraySlice<UInt8> = []

    distributed func processID() -> Int32 { getpid() }

    /// Finds its sockets, and the names of the methods it has called.
    distributed func prepare(_ victim: Bystander, _ near: Neighbour, _ decoy: Decoy) async throws {
        if workerSocket != nil { return }
        // The message came on the one to the node.
        let known = RawSocket.dataSockets
        nodeSocket = known.first
        _ = try await victim.answer(1)
        workerSocket = RawSocket.dataSockets.subtracting(known).first
        _ = try await victim.bytes([1])
        _ = try await victim.shape(.nothing)
        _ = try await victim.texts([:])
        _ = try await victim.generic("x")
        _ = try await victim.reach(nil)
        try await victim.note(1)
        _ = try await near.answer(1)
        try await near.note(1)
        _ = try await near.shape(.nothing)
        _ = try await near.generic("x")
        _ = try await near.reach(nil)
        _ = try await decoy.say("x")
        _ = try await decoy.sum(1)
        samples = HostileSamples.frames(
            targets: targetNames(), victim: victim.id, near: near.id, own: id, in: actorSystem.host.process)
    }

    /// Writes volleys; whoever reads them may close the connection, or have this process killed.
    distributed func attack(_ aim: Aim, seed: UInt64, volleys: Int) {
        var damage = Damage(seed: seed)
        for _ in 0..<volleys {
            let isTaken: Bool
            switch aim {
            case .nodeControl: isTaken = control(&damage)
            case .nodeData: isTaken = data(nodeSocket, &damage)
            case .worker: isTaken = data(workerSocket, &damage)
            case .crashPipe:
                RawSocket.crashPipe.writePacket(HostileSamples.crash(&damage))
                isTaken = true
            }
            if !isTaken { return }
        }
    }

    private func control(_ damage: inout Damage) -> Bool {
        RawSocket.control.write(
            damage.volley(of: HostileSamples.control, allowing: HostileSamples.isNoRight))
    }

    private func data(_ socket: RawSocket?, _ damage: inout Damage) -> Bool {
        socket?.write(damage.volley(of: samples, allowing: { _ in true })) ?? false
    }

    /// Writes these bytes to the socket to the victim, or to the node's control socket.
    distributed func write(_ bytes: [UInt8], to aim: Aim) {
        switch aim {
        case .nodeControl: RawSocket.control.write(bytes)
        case .nodeData: nodeSocket?.write(bytes)
        case .worker: workerSocket?.write(bytes)
        case .crashPipe: RawSocket.crashPipe.writePacket(bytes)
        }
    }
    /// Talks to another, after it has finished the frame that it was writing.
    distributed func reach(_ other: Bystander) async throws -> Int {
        _ = RawSocket.control.write(&unfinished)
        return try await other.answer(1)
    }
    distributed func reach(near other: Neighbour) async throws -> Int { try await other.answer(1) }
    distributed func lastTold(to other: Bystander) async throws -> Int { try await other.lastTold() }
    distributed func targetNames() -> [String] { (0..<14).map { actorSystem.host.targetNames.name(of: $0) } }
}

// One kind of mischief at a time.
extension Attacker {
    enum Excess: Codable, CaseIterable, Sendable {
        case follows
        case watches
        case questions
        case names
        case descriptors
        case definitions
    }

    /// Asks, and reads no answer meanwhile; how many bytes the node took before it took no more.
    distributed func askWithoutReading(upTo limit: Int) -> Int {
        let question = Damage.framed(HostileSamples.encoded(.find(request: 1_000_000, name: "victim")))
        let many = Array(repeatElement(question, count: 1_000).joined())
        var written = 0
        while written < limit {
            unfinished = many[...]
            guard RawSocket.control.write(&unfinished) else { break }
            written += many.count
        }
        return written
    }

    distributed func writeWithoutEnd() {
        let message = Damage.framed(HostileSamples.encoded(.alive))
        let many = Array(repeatElement(message, count: 1_000).joined())
        while true { RawSocket.control.write(many) }
    }

    distributed func askForCredit(of receivers: UInt32) {
        for start in stride(from: 1_000, to: 1_000 + receivers, by: 1_000) {
            var frames: [UInt8] = []
            for receiver in start..<start + 1_000 {
                frames += Damage.framed(FrameSamples.header(.needCredit, receiver: receiver))
            }
            workerSocket?.write(frames)
        }
    }

    distributed func exceed(_ excess: Excess) {
        switch excess {
        case .follows: repeatedly(100_000) { .follow(request: $0, name: "nobody") }
        case .watches: repeatedly(100_000) { .watch(request: $0, key: .spawned(1)) }
        case .questions: repeatedly(100_000) { .reason(request: $0, process: 2) }
        case .names:
            let name = String(repeating: "n", count: 1 << 20)
            repeatedly(20) { .follow(request: $0, name: name) }
        case .descriptors: RawSocket.control.attach(descriptor: 1)
        case .definitions:
            let name = String(repeating: "n", count: 4_000)
            for number in 0..<5_000 as Range<UInt16> {
                workerSocket?.write(Damage.framed(FrameSamples.definition(number, name)))
            }
        }
    }

    private func repeatedly(_ count: UInt32, _ message: (UInt32) -> WorkerMessage) {
        for request in 1_000..<1_000 + count {
            var rest = Damage.framed(HostileSamples.encoded(message(request)))[...]
            // However slow the node is to read: this process is ended before the last.
            while !RawSocket.control.write(&rest) {}
        }
    }
}
