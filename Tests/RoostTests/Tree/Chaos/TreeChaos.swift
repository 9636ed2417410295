import Distributed
import Glibc
import RoostTesting
import Synchronization
import Testing

/// Strikes the actors of a tree down, several at once, while clients in the node and in other processes call
/// them all the while.
struct TreeChaos {
    private let test: TestSystem
    private let tree: ChaosTree
    private let strikes: Int
    private var random: SeededGenerator
    private let isOver = IsOver()

    private final class IsOver: Sendable {
        private let flag = Atomic<Bool>(false)
        var value: Bool { flag.load(ordering: .relaxed) }
        func set() { flag.store(true, ordering: .relaxed) }
    }

    /// Brings `strikes` processes down, with supervisors that accept so many restarts; any number if nil.
    static func run(_ test: TestSystem, strikes: Int, intensity: RestartIntensity? = nil) async throws {
        let tree = try await ChaosTree.start(test, intensity: intensity)
        var chaos = TreeChaos(test: test, tree: tree, strikes: strikes, random: test.random)
        try await tree.untilAllAnswer()
        let before = Footprint()
        let tally = try await chaos.strikeWhileClientsCall()
        try await tree.untilAllAnswer()
        try await chaos.check(tally, before)
    }

    private init(test: TestSystem, tree: ChaosTree, strikes: Int, random: SeededGenerator) {
        self.test = test
        self.tree = tree
        self.strikes = strikes
        self.random = random
    }

    // MARK: Clients

    private mutating func strikeWhileClientsCall() async throws -> CallTally {
        let actors = try await tree.look().actors
        let knots = actors.filter { $0.typeName == "Knot" }.map(\.name)
        let probers = actors.filter { $0.typeName == "Prober" }.map(\.name)
        var tally = CallTally()
        try await withThrowingTaskGroup(of: CallTally.self) { group in
            for _ in 1...2 {
                let seed = random.next()
                group.addTask { [self] in await call(knots, seed) }
            }
            for prober in probers {
                let seed = random.next()
                group.addTask { [self] in try await drive(prober, knots, seed) }
            }
            try await strikeAll()
            isOver.set()
            for try await part in group { tally.add(part) }
        }
        return tally
    }

    private func call(_ knots: [String], _ seed: UInt64) async -> CallTally {
        var client = ChaosClient(test.system, knots, SeededGenerator(seed: seed))
        while !isOver.value { await client.call() }
        return client.tally
    }

    /// Has a prober call; its own calls count only when it lives to tell of them.
    private func drive(_ name: String, _ knots: [String], _ seed: UInt64) async throws -> CallTally {
        var tally = CallTally()
        var prober: Prober?
        let seeds = SeededGenerator(seed: seed)
        while !isOver.value {
            tally.begun += 1
            do {
                if prober == nil { prober = try await test.system.find(Prober.self, named: name) }
                guard let known = prober else { continue }
                tally.add(try await known.probe(knots, seed: seeds.next(), calls: 20))
                tally.add("answered")
            } catch let error as RemoteCallError {
                if error.code == .terminated { prober = nil }
                tally.add(error.code.description)
            } catch let error as SpawnError where error.code == .notFound {
                tally.add("not there")
                try? await Task.sleep(for: .milliseconds(1))
            }
        }
        return tally
    }

    // MARK: Strikes

    private mutating func strikeAll() async throws {
        var hits: [Strike: Int] = [:]
        while hits.values.reduce(0, +) < strikes {
            let count = min(Int.random(in: 1...8, using: &random), strikes - hits.values.reduce(0, +))
            for strike in try await strikeSeveral(count) { hits[strike, default: 0] += 1 }
            // Often the next ones strike while the tree is still being mended, or there is no zygote.
            if Int.random(in: 0..<10, using: &random) == 0,
                let zygote = try await test.system.zygoteProcessID()
            {
                Processes.signal(zygote, SIGKILL)
            }
            if Int.random(in: 0..<3, using: &random) == 0 {
                try await tree.until { try await $0.look().isComplete }
            }
        }
        print("strikes: \(hits.map { "\($0.value) \($0.key)" }.sorted())")
    }

    /// Strikes different actors at the same time; returns the strikes that hit.
    private mutating func strikeSeveral(_ count: Int) async throws -> [Strike] {
        let actors = try await tree.look().actors.filter { $0.processID != nil }
        let drawn = actors.shuffled(using: &random).prefix(count).map { actor in
            (actor, Strike.allCases.randomElement(using: &random) ?? .kill)
        }
        return try await withThrowingTaskGroup(of: Strike?.self) { [test] group in
            for (actor, strike) in drawn {
                group.addTask { try await strike.hit(actor, in: test) ? strike : nil }
            }
            return try await group.reduce(into: []) { if let strike = $1 { $0.append(strike) } }
        }
    }

    // MARK: Afterwards

    private func check(_ tally: CallTally, _ before: Footprint) async throws {
        let seed: Comment = "seed \(test.random.seed)"
        #expect(tally.begun == tally.ended && tally.begun > strikes, seed)
        #expect(tally.faults.isEmpty, seed)
        for outcome in ["answered", "interrupted"] { #expect(tally.outcomes[outcome] != nil, seed) }
        let zygote = try await test.system.zygoteProcessID()
        let known = try await tree.look().actors.map(\.processID) + [zygote]
        // Neither a zombie among the children, nor one that no supervisor knows of.
        #expect(Set(Processes.children) == Set(known.compactMap(\.self)), seed)
        let after = Footprint()
        #expect(after.descriptors <= before.descriptors && after.threads <= before.threads + 2, seed)
        print("calls: \(tally.outcomes.map { "\($0.value) \($0.key)" }.sorted())")
        print("before: \(before); after: \(after)")
    }
}
