internal import RoostPlatform
internal import RoostWire

/// Looking at the figures of a running system.
extension ProcessActorSystem {
    /// How many messages came to nothing since the system was started, in all its processes, for each reason.
    ///
    /// ```swift
    /// let late = try await system.deadLetters()[.lateReply]
    /// ```
    /// They are always counted. What this process has lost is in it; what another has lost is once that process has
    /// told the node, which takes a tenth of a second at most. Works in the node and in actors' processes.
    ///
    /// - Throws: ``SpawnError`` with `.systemStopped`.
    public func deadLetters() async throws -> DeadLetterCounts {
        host.loop.perform { [host] in host.tellGatheredDeadLetters() }
        guard case .deadLetters(let counts) = try await ask(.deadLetters) else { return DeadLetterCounts() }
        return counts
    }

    /// What every spawned actor has done, in the order they were spawned.
    ///
    /// ```swift
    /// for actor in try await system.statistics() { print(actor) }
    /// ```
    /// The actors' processes are asked, all at once. One that computes or is stopped is not waited for longer than
    /// `limit`: its last known figures are given, with their age. Counting is always on; asking costs each process
    /// two small messages on its control socket. Works in the node and in actors' processes. The idea is that of
    /// Erlang's `process_info`.
    ///
    /// - Parameter limit: 100 ms unless given; from now, on the machine's monotonic clock.
    /// - Returns: one for each actor that has a name at the moment of the answer.
    /// - Throws: ``SpawnError`` with `.systemStopped`.
    public func statistics(within limit: Duration = .milliseconds(100)) async throws -> [ActorStatistics] {
        guard case .statistics(let statistics) = try await ask(.statistics(within: limit)) else { return [] }
        return statistics
    }
}
