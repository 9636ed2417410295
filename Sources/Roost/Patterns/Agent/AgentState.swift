/// An agent's state, and how often it has been changed.
struct AgentState<State: Sendable>: Sendable {
    private(set) var value: State
    /// How many updates have been applied.
    private(set) var updates = 0

    init(_ initial: State) {
        value = initial
    }

    /// Changes the state, or throws and leaves it as it was.
    ///
    /// Where `expected` is given, it is how many updates must have been applied before.
    mutating func apply<U: AgentUpdate>(
        _ update: U, ifAfter expected: Int? = nil
    ) throws -> U.Result where U.State == State {
        if let expected, expected != updates {
            throw AgentError(.changed, "there were \(updates) updates, not \(expected)")
        }
        let result = try update.applyOrLeave(&value)
        updates += 1
        return result
    }
}
