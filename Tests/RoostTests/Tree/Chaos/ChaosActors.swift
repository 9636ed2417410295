import Distributed
import Glibc
import RoostTesting

/// What a tree under chaos is made of: answers, and ends when it is asked to.
distributed actor Knot: ProcessActor {
    private var notes = 0

    distributed func double(_ number: Int) -> Int { 2 * number }
    distributed func echo(_ bytes: [UInt8]) -> [UInt8] { bytes }
    distributed func doze(_ number: Int) async throws -> Int {
        try await Task.sleep(for: .milliseconds(2))
        return 2 * number
    }
    distributed func note() { notes += 1 }
    distributed func processID() -> Int32 { getpid() }
    distributed func leave(_ code: Int32) { exit(code) }
}

/// Calls knots from a process of its own, which is a knot's neighbour in the tree and dies like one.
distributed actor Prober: ProcessActor {
    distributed func probe(_ names: [String], seed: UInt64, calls: Int) async -> CallTally {
        var client = ChaosClient(actorSystem, names, SeededGenerator(seed: seed))
        for _ in 0..<calls { await client.call() }
        return client.tally
    }
    distributed func processID() -> Int32 { getpid() }
    distributed func leave(_ code: Int32) { exit(code) }
}

/// How calls came out.
struct CallTally: Codable, Sendable {
    var begun = 0
    var outcomes: [String: Int] = [:]
    /// Outcomes that no call should have.
    var faults: [String] = []

    var ended: Int { outcomes.values.reduce(0, +) }

    mutating func add(_ outcome: String) { outcomes[outcome, default: 0] += 1 }

    mutating func add(_ other: CallTally) {
        begun += other.begun
        outcomes.merge(other.outcomes, uniquingKeysWith: +)
        faults += other.faults
    }
}

/// Calls knots at random, one after another, and notes what comes of each call.
struct ChaosClient {
    private let system: ProcessActorSystem
    private let names: [String]
    private var random: SeededGenerator
    private var known: [String: Knot] = [:]
    private(set) var tally = CallTally()

    init(_ system: ProcessActorSystem, _ names: [String], _ random: SeededGenerator) {
        self.system = system
        self.names = names
        self.random = random
    }

    mutating func call() async {
        guard let name = names.randomElement(using: &random) else { return }
        let kind = Int.random(in: 0..<5, using: &random)
        tally.begun += 1
        do {
            if let fault = try await Self.call(knot(name), kind) { tally.faults.append(fault) }
            tally.add("answered")
        } catch let error as RemoteCallError {
            // The one that gets the name next is another actor, unless it is an incarnation of this one.
            if error.code == .terminated { known[name] = nil }
            note(error, hasDeadline: kind == 3)
        } catch let error as SpawnError where error.code == .notFound {
            tally.add("not there")
            // Asking again at once would do nothing but keep the node from putting it there.
            try? await Task.sleep(for: .milliseconds(1))
        } catch {
            tally.add("other")
            tally.faults.append("\(error)")
        }
    }

    private mutating func knot(_ name: String) async throws -> Knot {
        if let knot = known[name] { return knot }
        let knot = try await system.find(Knot.self, named: name)
        known[name] = knot
        return knot
    }

    /// What is wrong with the answer, if anything is.
    private static func call(_ knot: Knot, _ kind: Int) async throws -> String? {
        switch kind {
        case 0: return try await knot.double(21) == 42 ? nil : "21 was not doubled"
        case 1:
            // Takes several writes and reads, between which its receiver may die.
            let bytes = [UInt8](repeating: 7, count: 100_000)
            return try await knot.echo(bytes) == bytes ? nil : "bytes came back as others"
        case 2: return try await knot.doze(4) == 8 ? nil : "4 was not doubled"
        case 3:
            let answer = try await knot.call(within: .milliseconds(20)) { try await $0.doze(5) }
            return answer == 10 ? nil : "5 was not doubled"
        default:
            try await knot.tell { try await $0.note() }
            return nil
        }
    }

    private mutating func note(_ error: RemoteCallError, hasDeadline: Bool) {
        tally.add(error.code.description)
        let isExpected =
            [.interrupted, .notDelivered, .terminated].contains(error.code)
            || (hasDeadline && error.code == .deadlineExceeded)
        if !isExpected { tally.faults.append("\(error)") }
    }
}
