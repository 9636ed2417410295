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

    /// - Parameters:
    ///   - test: a system whose stopped processes are not left alone for long.
    ///   - strikes: how many processes are brought down.
    ///   - intensity: how many restarts the supervisors below the root accept; any number if nil.
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
        let prober = Mutex<Prober?>(nil)
        var seed = seed
        while !isOver.value {
            seed &+= 1
            tally.begun += 1
            do {
                let known = prober.withLock { $0 }
                let found = if let known { known } else { try await test.system.find(Prober.self, named: name) }
                prober.withLock { $0 = found }
                tally.add(try await found.probe(knots, seed: seed, calls: 20))
                tally.add("answered")
            } catch let error as RemoteCallError {
                if error.code == .terminated { prober.withLock { $0 = nil } }
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
        var hits = 0
        while hits < strikes {
            let actors = try await tree.look().actors.filter { $0.processID != nil }
            let count = min(Int.random(in: 1...8, using: &random), strikes - hits)
            let chosen = actors.shuffled(using: &random).prefix(count)
            let drawn = chosen.map { ($0, Strike.allCases.randomElement(using: &random) ?? .kill) }
            hits += try await withThrowingTaskGroup(of: Bool.self) { [test] group in
                for (actor, strike) in drawn { group.addTask { try await strike.hit(actor, in: test) } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            if Int.random(in: 0..<10, using: &random) == 0, let zygote = try await test.system.zygoteProcessID() {
                Processes.signal(zygote, SIGKILL)
            }
            // Often the next ones strike while the tree is still being mended.
            if Int.random(in: 0..<3, using: &random) == 0 { try await tree.until { try await $0.look().isComplete } }
        }
    }

    // MARK: Afterwards

    private func check(_ tally: CallTally, _ before: Footprint) async throws {
        #expect(tally.begun == tally.ended && tally.begun > strikes)
        #expect(tally.faults.isEmpty)
        for outcome in ["answered", "interrupted"] { #expect(tally.outcomes[outcome, default: 0] > 0) }
        let actors = try await tree.look().actors
        let zygote = try await test.system.zygoteProcessID()
        // Neither a zombie among the children, nor one that no supervisor knows of.
        #expect(Set(Processes.children) == Set((actors.map(\.processID) + [zygote]).compactMap(\.self)))
        let after = Footprint()
        #expect(after.descriptors <= before.descriptors, "before \(before), after \(after)")
        print("calls: \(tally.outcomes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" })")
        print("before \(before); after \(after)")
    }
}

/// What a process has of the operating system.
struct Footprint: CustomStringConvertible {
    let descriptors = Processes.openDescriptors
    let threads = Processes.threads
    let children = Processes.children.count
    let memory = Processes.residentKibibytes

    var description: String {
        "\(descriptors) descriptors, \(threads) threads, \(children) children, \(memory) KiB"
    }
}
