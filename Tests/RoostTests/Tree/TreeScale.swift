import Distributed
import Glibc
import RoostTesting
import Testing

/// The whole life of many actors under one dynamic supervisor, timed: they are started, called, killed
/// once each and back, and stopped.
struct TreeScale {
    /// What was used for each actor.
    struct Cost {
        /// Of this process and of its children that have been reaped: what others do beside does not count.
        var processor = Duration.zero
        var wall = Duration.zero
    }

    /// How many are started, called, killed or stopped at the same time.
    static let inFlight = 16

    let count: Int
    private(set) var phases: [(name: String, cost: Cost)] = []

    init(of count: Int) { self.count = count }

    /// All of it, for one actor.
    var total: Cost {
        phases.reduce(into: Cost()) {
            $0.processor += $1.cost.processor
            $0.wall += $1.cost.wall
        }
    }

    /// Goes through it, with a system of its own.
    mutating func run() async throws {
        let begin = Moment()
        try await withTestSystem { test in
            let tree = Supervisor("top") {
                DynamicSupervisor(
                    "pool", of: Counter.self, intensity: .init(restarts: 1_000_000), backoff: .none)
            }
            let top = try await test.system.start(tree)
            let pool = try await top.dynamicSupervisor(of: Counter.self, named: "pool")
            try await live(in: pool)
            try await phase("stop the others at once") { try await top.stop() }
        }
        // The system's own start and stop, and what its processes used that was not yet known.
        let all = begin.cost(of: count)
        let rest = Cost(processor: all.processor - total.processor, wall: all.wall - total.wall)
        phases.append(("rest", rest))
    }

    private mutating func live(in pool: DynamicSupervisorReference<Counter>) async throws {
        let counters = try await phase("start") { [count] in
            try await Self.map(0..<count) { try await pool.start(.init(start: $0)) }
        }
        let processes = try await phase("call") {
            try await Self.map(counters) { try await $0.processID() }
        }
        #expect(Set(processes).count == count)
        let active = try await pool.counts().active
        #expect(active == count)
        _ = try await phase("kill") {
            try await Self.map(Array(zip(counters, processes))) { try await Self.kill($0.0, $0.1) }
        }
        let children = try await pool.children()
        #expect(children.count == count && children.allSatisfy { $0.restarts == 1 })
        _ = try await phase("stop half, one by one") { [count] in
            try await Self.map(counters.prefix(count / 2)) { try await pool.stopChild($0) }
        }
    }

    /// Kills the process, and waits for an answer of the next.
    private static func kill(_ counter: Counter, _ process: Int32) async throws {
        Processes.signal(process, SIGKILL)
        while true {
            do {
                // One call may still reach the process that is dying, and be lost with it.
                if try await counter.processID() != process { return }
            } catch let error as RemoteCallError where error.code == .interrupted {}
        }
    }

    private mutating func phase<T>(_ name: String, _ body: () async throws -> T) async throws -> T {
        let begin = Moment()
        let result = try await body()
        phases.append((name, begin.cost(of: count)))
        return result
    }

    /// The results in order; so many under way at once, and no more.
    private static func map<Items: RandomAccessCollection, T: Sendable>(
        _ items: Items, _ transform: @escaping @Sendable (Items.Element) async throws -> T
    ) async throws -> [T] where Items: Sendable, Items.Element: Sendable, Items.Index == Int {
        try await withThrowingTaskGroup(of: (Int, T).self) { group in
            var results = [T?](repeating: nil, count: items.count)
            for (place, index) in items.indices.enumerated() {
                if place >= inFlight, let (done, result) = try await group.next() { results[done] = result }
                group.addTask { (place, try await transform(items[index])) }
            }
            for try await (done, result) in group { results[done] = result }
            return results.compactMap(\.self)
        }
    }
}

extension TreeScale {
    /// When something begins, in both kinds of time.
    private struct Moment {
        let wall = ContinuousClock.now
        let processor = Self.processorTime(RUSAGE_SELF) + Self.processorTime(RUSAGE_CHILDREN)

        /// What has been used since, for one of `count`.
        func cost(of count: Int) -> Cost {
            let now = Moment()
            return Cost(
                processor: (now.processor - processor) / count, wall: wall.duration(to: now.wall) / count)
        }

        private static func processorTime(_ who: __rusage_who) -> Duration {
            var usage = rusage()
            unsafe _ = getrusage(__rusage_who_t(who.rawValue), &usage)
            // Not the fields of `timeval`: which module they belong to depends on the order of compilation.
            let times = unsafe withUnsafeBytes(of: &usage) {
                unsafe $0.bindMemory(to: Int.self).prefix(4).map(\.self)
            }
            return .seconds(times[0] + times[2]) + .microseconds(times[1] + times[3])
        }
    }

    /// A line for each phase: what one of `count` actors cost here, and what one did there.
    func comparison(with other: TreeScale) -> String {
        func milliseconds(_ time: Duration) -> String {
            let microseconds = Int(time / .microseconds(1))
            return "\(microseconds / 1_000).\(String(1_000 + microseconds % 1_000).dropFirst()) ms"
        }
        func line(_ name: String, _ here: Cost, _ there: Cost) -> String {
            """
            \(name): of processors \(milliseconds(there.processor)) at \(other.count), \
            \(milliseconds(here.processor)) at \(count); on the clock \(milliseconds(there.wall)), \
            \(milliseconds(here.wall))
            """
        }
        let lines = zip(phases, other.phases).map { line($0.name, $0.cost, $1.cost) }
        return (lines + [line("all, for each actor", total, other.total)]).joined(separator: "\n")
    }
}
