import Glibc
import Roost

/// The whole life of 2,000 actors under one dynamic supervisor, next to that of 200.
///
/// Each actor is started, called, killed once with `kill(2)`, called until its next incarnation answers, and
/// stopped: half of them one by one, the others with their supervisor. Sixteen are under way at a time.
/// Every phase is divided by the number of actors. What must not grow with the number is the time for each;
/// starting and stopping the system is not measured. `--quick` does not make them fewer.
struct TreeAtScale: Benchmark {
    let name = "tree-2000"
    let summary = "one of 2,000 supervised actors, next to one of 200: start, call, kill, stop"

    private static let inFlight = 16

    func round(_ scale: Scale) async throws -> [Measurement] {
        _ = try await lives(of: 50)
        let few = try await lives(of: 200)
        let many = try await lives(of: 2_000)
        let all = ["start", "call", "kill", "stop"].map { phase in
            (phase, few[phase, default: 0], many[phase, default: 0])
        }
        let (one, other) = (few.values.reduce(0, +), many.values.reduce(0, +))
        let rows = all + [("all", one, other)]
        return rows.flatMap { phase, few, many in
            [row("\(phase) at 200", few), row("\(phase) at 2,000", many)]
        } + [
            Measurement(benchmark: name, metric: "ratio", value: other / one, unit: "", mark: .atMost(1.3))
        ]
    }

    private func row(_ metric: String, _ milliseconds: Double) -> Measurement {
        Measurement(
            benchmark: name, metric: metric, value: milliseconds, unit: TimeUnit.milliseconds.rawValue)
    }

    /// What each phase takes for one actor, in milliseconds.
    private func lives(of count: Int) async throws -> [String: Double] {
        var options = SystemOptions()
        // Thousands of crashes are what is measured, and not news.
        options.crashReports = .silent
        return try await ProcessActorSystem.run(options) { system in
            let tree = Supervisor("top") {
                DynamicSupervisor(
                    "pool", of: Echo.self, intensity: RestartIntensity(restarts: 1_000_000), backoff: .none)
            }
            let top = try await system.start(tree)
            let pool = try await top.dynamicSupervisor(of: Echo.self, named: "pool")
            var phases = Phases(count: count)
            let echoes = try await phases.time("start") {
                try await Self.map(Array(0..<count)) { _ in try await pool.start() }
            }
            let processes = try await phases.time("call") {
                try await Self.map(echoes) { try await $0.processID() }
            }
            try CheckFailed.unless(Set(processes).count == count, "they were not different processes")
            _ = try await phases.time("kill") {
                try await Self.map(Array(zip(echoes, processes))) { try await Self.kill($0.0, $0.1) }
            }
            let children = try await pool.children()
            try CheckFailed.unless(
                children.count == count && children.allSatisfy { $0.restarts == 1 },
                "not every actor was restarted once")
            _ = try await phases.time("stop") {
                _ = try await Self.map(Array(echoes.prefix(count / 2))) { try await pool.stopChild($0) }
                try await top.stop()
            }
            return phases.milliseconds
        }
    }

    private static func kill(_ echo: Echo, _ process: Int32) async throws {
        Glibc.kill(process, SIGKILL)
        while true {
            do {
                if try await echo.processID() != process { return }
            } catch let error as RemoteCallError where error.code == .interrupted {
                // The outcome a call under way should have; the next one waits for the next incarnation.
            }
        }
    }

    /// The results in order; so many under way at once, and no more.
    private static func map<Item: Sendable, T: Sendable>(
        _ items: [Item], _ transform: @escaping @Sendable (Item) async throws -> T
    ) async throws -> [T] {
        try await withThrowingTaskGroup(of: (Int, T).self) { group in
            var results = [T?](repeating: nil, count: items.count)
            for (place, item) in items.enumerated() {
                if place >= inFlight, let (done, result) = try await group.next() { results[done] = result }
                group.addTask { (place, try await transform(item)) }
            }
            for try await (done, result) in group { results[done] = result }
            return results.compactMap(\.self)
        }
    }
}

/// What phases take for each of so many.
private struct Phases {
    let count: Int
    var milliseconds: [String: Double] = [:]

    mutating func time<T>(_ name: String, _ body: () async throws -> T) async throws -> T {
        let start = Clock.now
        let result = try await body()
        milliseconds[name] = TimeUnit.milliseconds.value(Clock.now - start) / Double(count)
        return result
    }
}
