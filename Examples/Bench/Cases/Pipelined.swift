import Roost

/// 64 calls under way at a time, from one worker to another.
///
/// 64 tasks in one actor call the same other actor, each one call after another, 64 bytes there and back.
/// Measured from before the tasks are made until all have ended; every answer is compared with its
/// question within that time, which takes some nanoseconds. Not measured: starting, and a first tenth.
struct PipelinedBetweenWorkers: Benchmark {
    let name = "pipelined-64"
    let summary = "64 calls of 64 bytes under way, worker to worker"

    func round(_ scale: Scale) async throws -> [Measurement] {
        let calls = scale.of(256_000)
        return try await ProcessActorSystem.run { system in
            let echo = try await system.spawn(Echo.self)
            let driver = try await system.spawn(Driver.self)
            _ = try await driver.keepInFlight(64, calls: calls / 10, to: echo, size: 64)
            let interval = try await driver.keepInFlight(64, calls: calls, to: echo, size: 64)
            return [Self.row(name, calls, interval)]
        }
    }

    fileprivate static func row(_ name: String, _ calls: Int, _ interval: Interval) -> Measurement {
        Measurement(
            benchmark: name, metric: "rate", value: Double(calls / 64 * 64) / interval.seconds,
            unit: "calls/s")
    }
}

/// 64 calls under way at a time, from the node to a worker.
///
/// As between workers; the 64 tasks run on all threads of the node's pool.
struct PipelinedFromNode: Benchmark {
    let name = "pipelined-64-node"
    let summary = "64 calls of 64 bytes under way, node to worker"

    func round(_ scale: Scale) async throws -> [Measurement] {
        let calls = scale.of(256_000)
        return try await ProcessActorSystem.run { system in
            let echo = try await system.spawn(Echo.self)
            _ = try await keepInFlight(64, calls: calls / 10, to: echo, size: 64)
            let interval = try await keepInFlight(64, calls: calls, to: echo, size: 64)
            return [PipelinedBetweenWorkers.row(name, calls, interval)]
        }
    }
}
