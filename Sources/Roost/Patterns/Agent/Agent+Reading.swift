internal import Distributed

/// Reading the state.
extension Agent {
    /// The whole state.
    public nonisolated var value: State {
        get async throws { try await read(AgentWhole()) }
    }

    /// Answers a query, in the agent's process.
    ///
    /// - Throws: what the query throws; ``RemoteCallError``, as any call.
    public nonisolated(nonsending) func read<Q: AgentQuery>(
        _ query: Q
    ) async throws -> Q.Result where Q.State == State {
        try await AgentReply.result(Q.Result.self) { try await self.answer(AgentQueryMessage(query)) }
    }

    /// The whole state, and which one it is.
    public nonisolated var snapshot: AgentSnapshot<State> {
        get async throws { try await snapshot(of: AgentWhole()) }
    }

    /// What a query reads, and of which state.
    ///
    /// - Throws: what the query throws; ``RemoteCallError``, as any call.
    public nonisolated(nonsending) func snapshot<Q: AgentQuery>(
        of query: Q
    ) async throws -> AgentSnapshot<Q.Result> where Q.State == State {
        try await AgentReply.result(AgentSnapshot<Q.Result>.self) {
            try await self.snapshotReply(AgentQueryMessage(query))
        }
    }

    /// Which incarnation the agent is in, how many updates it has applied, and how many watch it.
    public nonisolated var status: AgentStatus {
        get async throws { try await currentStatus() }
    }
}
