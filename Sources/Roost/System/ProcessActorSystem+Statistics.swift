internal import RoostWire

/// Looking at the figures of a running system.
extension ProcessActorSystem {
    /// How many messages came to nothing since the system was started, in all its processes, for each reason.
    ///
    /// ```swift
    /// let late = try await system.deadLetters()[.lateReply]
    /// ```
    /// They are always counted. What another process has lost is in it once that process has told the node, which
    /// it does at once. Works in the node and in actors' processes.
    ///
    /// - Throws: ``SpawnError`` with `.systemStopped`.
    public func deadLetters() async throws -> DeadLetterCounts {
        guard case .deadLetters(let counts) = try await ask(.deadLetters) else { return DeadLetterCounts() }
        return counts
    }
}
