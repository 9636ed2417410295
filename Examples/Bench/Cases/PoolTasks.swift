import Roost

/// Empty tasks through a pool of two workers: an integer there, the next one back.
///
/// Measured from the node, from before the first task until the last result is there; every result is checked. With
/// `perform` 512 tasks of the node each wait for one result after another; with `submit` so many are given at once, and
/// then waited for. `map` and `mapUnordered` go over a range, with chunks that the pool chooses, and with the best of
/// some given sizes. Not measured: starting the processes, and a first tenth that warms up.
struct PoolTasks: Benchmark {
    let name = "pool"
    let summary = "empty tasks through a pool of 2 workers: perform, submit, map, mapUnordered"

    private static let callers = 512
    private static let chunks = [1_024, 4_096, 16_384, 65_536]

    func round(_ scale: Scale) async throws -> [Measurement] {
        let few = scale.of(200_000)
        let many = scale.of(20_000_000)
        return try await ProcessActorSystem.run { system in
            let pool = try await system.makePool(of: PoolAdder.self, size: 2)
            _ = try await map(many / 10, in: pool, .automatic)
            _ = try await perform(few / 10, in: pool)
            var rows = [
                row("perform", few, try await perform(few, in: pool)),
                row("submit", few, try await submit(few, in: pool)),
                row("map", many, try await map(many, in: pool, .automatic)),
                row("mapUnordered", many, try await mapUnordered(many, in: pool, .automatic)),
            ]
            var best = (ordered: UInt64.max, unordered: UInt64.max)
            for chunk in Self.chunks {
                best.ordered = min(best.ordered, try await map(many, in: pool, .size(chunk)))
                best.unordered = min(best.unordered, try await mapUnordered(many, in: pool, .size(chunk)))
            }
            rows.append(row("map, best chunk", many, best.ordered))
            rows.append(row("mapUnordered, best chunk", many, best.unordered))
            await pool.stop()
            return rows
        }
    }

    private func row(_ metric: String, _ count: Int, _ nanoseconds: UInt64) -> Measurement {
        Measurement(
            benchmark: name, metric: metric, value: Double(count) / (Double(nanoseconds) / 1e9),
            unit: "tasks/s")
    }

    private func perform(_ count: Int, in pool: ActorPool<PoolAdder>) async throws -> UInt64 {
        let start = Clock.now
        let share = count / Self.callers
        try await withThrowingTaskGroup { group in
            for caller in 0..<Self.callers {
                group.addTask {
                    for number in caller * share..<(caller + 1) * share {
                        let result = try await pool.perform(number)
                        try CheckFailed.unless(result == number + 1, "task \(number) gave \(result)")
                    }
                }
            }
            try await group.waitForAll()
        }
        return Clock.now - start
    }

    private func submit(_ count: Int, in pool: ActorPool<PoolAdder>) async throws -> UInt64 {
        let start = Clock.now
        var tasks: [PoolTask<Int>] = []
        tasks.reserveCapacity(count)
        for number in 0..<count { tasks.append(try await pool.submit(number)) }
        for (number, task) in tasks.enumerated() {
            let result = try await task.value
            try CheckFailed.unless(result == number + 1, "task \(number) gave \(result)")
        }
        return Clock.now - start
    }

    private func map(
        _ count: Int, in pool: ActorPool<PoolAdder>, _ chunk: PoolChunking
    ) async throws -> UInt64 {
        let start = Clock.now
        var expected = 0
        for try await result in pool.map(0..<count, chunk: chunk) {
            expected += 1
            if result != expected { throw CheckFailed(description: "\(result) came instead of \(expected)") }
        }
        try CheckFailed.unless(expected == count, "\(expected) of \(count) results came")
        return Clock.now - start
    }

    private func mapUnordered(
        _ count: Int, in pool: ActorPool<PoolAdder>, _ chunk: PoolChunking
    ) async throws -> UInt64 {
        let start = Clock.now
        var results = 0
        for try await done in pool.mapUnordered(0..<count, chunk: chunk) {
            results += 1
            if done.value != done.index + 1 {
                throw CheckFailed(description: "\(done.index) gave \(done.value)")
            }
        }
        try CheckFailed.unless(results == count, "\(results) of \(count) results came")
        return Clock.now - start
    }
}
