import Roost

/// Increments of a number that an agent holds, from other processes, in each way that there is.
///
/// Each client is a worker. Measured there, from before the first increment until the last has been applied: with calls,
/// until the last answer; with posts, until the answer to a call that stands behind
/// them; with a stream, until its end has been confirmed. The number is checked. Not
/// measured: starting, and a first tenth that warms up.
struct AgentIncrements: Benchmark {
    /// How the increments are sent.
    enum Way: Sendable, CaseIterable {
        case calls, callsAtOnce, posts, stream

        /// How many are sent.
        var count: Int {
            switch self {
            case .calls: 50_000
            case .callsAtOnce: 200_000
            case .posts: 500_000
            case .stream: 2_000_000
            }
        }

        var metric: String {
            switch self {
            case .calls: "calls, one at a time"
            case .callsAtOnce: "calls, 64 under way"
            case .posts: "posts"
            case .stream: "stream"
            }
        }
    }

    let name: String
    let clients: Int

    var summary: String {
        "an agent's number incremented by \(clients == 1 ? "one worker" : "\(clients) workers"): "
            + "calls, one-way messages, a stream"
    }

    func round(_ scale: Scale) async throws -> [Measurement] {
        var rows: [Measurement] = []
        for way in Way.allCases {
            let rate = try await rate(way, scale)
            rows.append(Measurement(benchmark: name, metric: way.metric, value: rate, unit: "updates/s"))
        }
        return rows
    }

    private func rate(_ way: Way, _ scale: Scale) async throws -> Double {
        let share = scale.of(way.count) / clients / 64 * 64
        return try await ProcessActorSystem.run { system in
            let agent = try await system.makeAgent(0)
            var drivers: [AgentDriver] = []
            for _ in 0..<clients { drivers.append(try await system.spawn(AgentDriver.self)) }
            _ = try await increment(agent, by: drivers, way, times: max(share / 640, 1) * 64)
            try await agent.set(0)
            let interval = try await increment(agent, by: drivers, way, times: share)
            let sum = try await agent.value
            try CheckFailed.unless(sum == share * clients, "\(sum) of \(share * clients) increments counted")
            return Double(sum) / interval.seconds
        }
    }

    private func increment(
        _ agent: Agent<Int>, by drivers: [AgentDriver], _ way: Way, times: Int
    ) async throws -> Interval {
        try await withThrowingTaskGroup(of: Interval.self) { group in
            for driver in drivers {
                group.addTask {
                    switch way {
                    case .calls: try await driver.increment(agent, times: times, inFlight: 1)
                    case .callsAtOnce: try await driver.increment(agent, times: times, inFlight: 64)
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
