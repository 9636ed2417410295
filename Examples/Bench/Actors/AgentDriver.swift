import Distributed
import Roost

/// A client of agents, in a process of its own.
distributed actor AgentDriver: ProcessActor {
    /// Keeps `flight` increments under way, until so many have been applied.
    distributed func increment(_ agent: Agent<Int>, times: Int, inFlight flight: Int) async throws -> Interval
    {
        let start = Clock.now
        if flight == 1 {
            for _ in 0..<times { try await agent.increment() }
        } else {
            try await withThrowingTaskGroup { group in
                for _ in 0..<flight {
                    group.addTask { for _ in 0..<times / flight { try await agent.increment() } }
                }
                try await group.waitForAll()
            }
        }
        return Interval(start: start, end: Clock.now)
    }

    /// Posts so many increments, and waits until they have been applied.
    distributed func post(_ agent: Agent<Int>, times: Int) async throws -> Interval {
        let start = Clock.now
        for _ in 0..<times { try await agent.postIncrement() }
        _ = try await agent.value
        return Interval(start: start, end: Clock.now)
    }

    /// Streams so many increments, until the last has been applied.
    distributed func stream(_ agent: Agent<Int>, times: Int) async throws -> Interval {
        let writer = try await agent.openWriter(for: Increment<Int>.self)
        let start = Clock.now
        for _ in 0..<times { try await writer.send(Increment()) }
        _ = try await writer.finish()
        return Interval(start: start, end: Clock.now)
    }

    /// Sets so many of a thousand keys of a dictionary, one after another.
    distributed func set(_ agent: Agent<[String: Int]>, times: Int) async throws -> Interval {
        let start = Clock.now
        for number in 0..<times { try await agent.set(number, for: "key \(number % 1_000)") }
        return Interval(start: start, end: Clock.now)
    }
}
