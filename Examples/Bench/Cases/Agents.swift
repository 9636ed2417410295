import Roost

/// Increments of a number that an agent holds, from other processes.
///
/// Each client is a worker. Measured there, from before the first increment until the last has been applied: with calls,
/// until the last answer; with posts, until the answer to a call that stands behind
/// them; with a stream, until its end has been confirmed. The number is checked. Not
/// measured: starting, and a first tenth that warms up.
struct AgentIncrements: Benchmark {
    /// How the increments are sent.
    enum Way: Sendable {
        case calls(inFlight: Int)
        case posts
        case stream
    }

    let name: String
    let way: Way
    var clients = 1
    let count: Int

    var summary: String {
        let clients = clients == 1 ? "one worker" : "\(clients) workers"
        return switch way {
        case .calls(let flight):
            "an agent's number incremented by calls, \(flight) under way, from \(clients)"
        case .posts: "an agent's number incremented by one-way messages, from \(clients)"
        case .stream: "an agent's number incremented by a stream of updates, from \(clients)"
        }
    }

    func round(_ scale: Scale) async throws -> [Measurement] {
        let share = scale.of(count) / clients / 64 * 64
        return try await ProcessActorSystem.run { system in
            let agent = try await system.makeAgent(0)
            var drivers: [AgentDriver] = []
            for _ in 0..<clients { drivers.append(try await system.spawn(AgentDriver.self)) }
            _ = try await increment(agent, by: drivers, times: max(share / 640, 1) * 64)
            try await agent.set(0)
            let interval = try await increment(agent, by: drivers, times: share)
            let sum = try await agent.value
            try CheckFailed.unless(sum == share * clients, "\(sum) of \(share * clients) increments counted")
            return [
                Measurement(
                    benchmark: name, metric: "rate", value: Double(sum) / interval.seconds, unit: "updates/s")
            ]
        }
    }

    private func increment(
        _ agent: Agent<Int>, by drivers: [AgentDriver], times: Int
    ) async throws -> Interval {
        try await withThrowingTaskGroup(of: Interval.self) { group in
            for driver in drivers {
                group.addTask {
                    switch way {
                    case .calls(let flight):
                        try await driver.increment(agent, times: times, inFlight: flight)
                    case .posts: try await driver.post(agent, times: times)
                    case .stream: try await driver.stream(agent, times: times)
                    }
                }
            }
            var intervals: [Interval] = []
            for try await interval in group { intervals.append(interval) }
            return .spanning(intervals)
        }
    }
}

/// Values of a dictionary that an agent holds, set one after another by calls from a worker.
///
/// Measured as increments are; the dictionary is checked.
struct AgentDictionary: Benchmark {
    let name = "agent-set"
    let summary = "an agent's dictionary, one of 1000 keys set by each call, one at a time"

    func round(_ scale: Scale) async throws -> [Measurement] {
        let count = scale.of(50_000)
        return try await ProcessActorSystem.run { system in
            let agent = try await system.makeAgent([String: Int]())
            let driver = try await system.spawn(AgentDriver.self)
            _ = try await driver.set(agent, times: count / 10)
            let interval = try await driver.set(agent, times: count)
            let values = try await agent.value
            try CheckFailed.unless(
                values.count == 1_000 && values.values.max() == count - 1,
                "the dictionary is not what was set")
            return [
                Measurement(
                    benchmark: name, metric: "rate", value: Double(count) / interval.seconds,
                    unit: "updates/s")
            ]
        }
    }
}
