import Distributed
import Foundation
import RoostTesting
import Testing

@testable import Roost

/// How long hostile processes shoot, and with which seed.
///
///     ROOST_FUZZ_SECONDS=300 ROOST_FUZZ_SEED=7 swift test --filter HostileTests
struct HostilePlan: CustomStringConvertible {
    var duration: Duration
    var seeds: [UInt64]
    /// It was asked for, and no other suite runs beside it.
    var isAlone: Bool

    static let fromEnvironment: HostilePlan = {
        let environment = ProcessInfo.processInfo.environment
        let seconds = environment["ROOST_FUZZ_SECONDS"].flatMap { Int($0) }
        let seed = environment["ROOST_FUZZ_SEED"].flatMap { UInt64($0) }
        let drawn: [UInt64] = seconds == nil ? [1, 2, 3, 4] : [.random(in: 1...1_000_000)]
        return HostilePlan(
            duration: .seconds(seconds ?? 10), seeds: seed.map { [$0] } ?? drawn, isAlone: seconds != nil)
    }()

    var description: String { "\(duration), seeds \(seeds)" }
}

/// One hostile process, and those who must not be hurt by it: another worker, an actor in the node, and the node.
struct HostileRun {
    let test: TestSystem
    let attacker: Attacker
    let victim: Bystander
    let friend: Bystander
    let near: Neighbour
    let decoy: Decoy
    let victimsProcess: Int32
    let seed: UInt64
    private(set) var random: SeededGenerator
    private(set) var rounds = 0

    init(_ test: TestSystem, seed: UInt64) async throws {
        self.test = test
        self.seed = seed
        random = SeededGenerator(seed: seed)
        let options = SpawnOptions(intensity: .init(restarts: 1_000_000, within: .seconds(1)), backoff: .none)
        victim = try await test.spawn(Bystander.self, named: "victim")
        friend = try await test.spawn(Bystander.self, named: "friend")
        near = Neighbour(actorSystem: test.system)
        decoy = try await test.spawn(Decoy.self, named: "decoy")
        attacker = try await test.spawn(Attacker.self, named: "attacker", options: options)
        victimsProcess = try await victim.processID()
    }

    /// Some volleys, and a look at everybody after them.
    mutating func round() async throws {
        rounds += 1
        let seed = random.next()
        let aim = Aim.allCases[rounds % Aim.allCases.count]
        do {
            try await shoot(aim, seed)
        } catch {
            // Its end, or a connection that it has spoilt for itself.
            try await replace()
        }
        try await look("round \(rounds), aim \(aim), seed \(seed) of \(self.seed)")
    }

    private func shoot(_ aim: Aim, _ seed: UInt64) async throws {
        try await attacker.call(within: .milliseconds(400)) { [victim, near, decoy] in
            try await $0.prepare(victim, near, decoy)
        }
        try await attacker.call(within: .milliseconds(400)) {
            try await $0.attack(aim, seed: seed, volleys: 4)
        }
        // Long enough for the node to have read it all.
        _ = try await attacker.call(within: .milliseconds(400)) { try await $0.processID() }
    }

    /// Makes sure of an attacker that can be talked to.
    private func replace() async throws {
        try await test.kill(attacker)
        try await attacker.call(within: .seconds(10)) { _ = try await $0.processID() }
    }

    /// Everybody else answers in time, with right values, from the process they were in.
    func look(_ place: String) async throws {
        let number = Int(truncatingIfNeeded: random.next() >> 1)
        let direct = try await victim.call(within: .seconds(10)) { try await $0.answer(number) }
        let across = try await friend.call(within: .seconds(10)) { [victim] in
            try await $0.ask(victim, number)
        }
        let back = try await friend.call(within: .seconds(10)) { [near] in
            try await $0.ask(near: near, number)
        }
        let pid = try await victim.call(within: .seconds(10)) { try await $0.processID() }
        let answers = [direct, across, back]
        #expect(answers.allSatisfy { $0 == ~number }, "\(place)")
        try #require(pid == victimsProcess, "the victim died: \(place)")
    }

    /// Whether somebody ended who had done nothing.
    func innocentEnds() -> [SystemEvent] {
        let innocent: Set = ["victim", "friend", "decoy"]
        return test.events.all.filter { event in
            if case .terminated = event.kind { innocent.contains(event.actor) } else { false }
        }
    }

    /// How often an attacker's process was killed for what it wrote.
    var convictions: Int {
        test.events.count {
            $0.actor == "attacker" && $0.kind == .terminated(.killed(by: .protocolViolation))
        }
    }
}
