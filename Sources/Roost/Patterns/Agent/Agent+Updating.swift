internal import Distributed

/// Changing the state.
extension Agent {
    /// Applies an update; returns what it returns, when it has been applied.
    ///
    /// - Throws: what the update throws, after which the state is as it was; ``RemoteCallError``, as any call.
    @discardableResult
    public nonisolated(nonsending) func update<U: AgentUpdate>(
        _ update: U
    ) async throws -> U.Result where U.State == State, U.Result: Codable {
        try await AgentReply.result(U.Result.self) { try await self.apply(AgentUpdateMessage(update)) }
    }

    /// Applies an update that returns nothing; returns when it has been applied.
    ///
    /// - Throws: what the update throws, after which the state is as it was; ``RemoteCallError``, as any call.
    public nonisolated(nonsending) func update<U: AgentUpdate>(
        _ update: U
    ) async throws where U.State == State, U.Result == Void {
        _ = try await apply(AgentUpdateMessage(update))
    }

    /// Applies an update if the state is still the one of that version.
    ///
    /// ```swift
    /// let seen = try await agent.snapshot
    /// try await agent.update(Settings.SetTheme("light"), if: seen.version)
    /// ```
    /// - Throws: ``AgentError`` with `.changed` when it is another one, also when the agent was started anew; and as
    ///   without a version.
    @discardableResult
    public nonisolated(nonsending) func update<U: AgentUpdate>(
        _ update: U, if version: AgentVersion
    ) async throws -> U.Result where U.State == State, U.Result: Codable {
        try await AgentReply.result(U.Result.self) {
            try await self.apply(AgentUpdateMessage(update), to: version)
        }
    }

    /// Applies an update that returns nothing if the state is still the one of that version.
    ///
    /// - Throws: ``AgentError`` with `.changed` when it is another one, also when the agent was started anew; and as
    ///   without a version.
    public nonisolated(nonsending) func update<U: AgentUpdate>(
        _ update: U, if version: AgentVersion
    ) async throws where U.State == State, U.Result == Void {
        _ = try await apply(AgentUpdateMessage(update), to: version)
    }

    /// Applies updates one after another, all of them or none, in one message.
    ///
    /// - Throws: what the first update that fails throws, after which the state is as it was; ``RemoteCallError``.
    public nonisolated(nonsending) func update<U: AgentUpdate>(
        contentsOf updates: [U]
    ) async throws where U.State == State {
        try await update(AgentBatch(updates: updates))
    }

    /// Sends an update one-way: returns when it is accepted, and waits only while the agent's mailbox is full.
    ///
    /// What it returns stays where it is, and an error it throws becomes a dead letter. It may be lost with this
    /// process, or the agent's; what must not be lost is an `update`. Updates of one process are applied in the
    /// order they were sent, those that were posted and those that were not.
    ///
    /// - Throws: as `tell`.
    public nonisolated(nonsending) func post<U: AgentUpdate>(_ update: U) async throws
    where U.State == State {
        let message = AgentUpdateMessage(update)
        try await tell { try await $0.apply(message) }
    }

    /// Puts another state in the place of this one, whatever it is.
    public nonisolated(nonsending) func set(_ state: State) async throws {
        try await update(AgentReplacement(state: state))
    }
}

/// Another state in the place of what there was.
struct AgentReplacement<State: Codable & Sendable>: AgentUpdate {
    var state: State

    func apply(to state: inout State) { state = self.state }
}

/// Updates of one type, one after another.
struct AgentBatch<U: AgentUpdate>: AgentUpdate {
    var updates: [U]

    func apply(to state: inout U.State) throws {
        for update in updates { _ = try update.apply(to: &state) }
    }

    // A copy is needed if any but the first may throw, whatever the update says of itself.
    static var keepsCopy: Bool { U.Failure.self != Never.self }
}
