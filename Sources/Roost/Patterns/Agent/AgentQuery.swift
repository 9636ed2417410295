/// A question about an ``Agent``'s state, as a value: it is answered where the state is, and only the answer travels.
///
/// ```swift
/// extension Settings {
///     struct IsLoud: AgentQuery {
///         func read(from settings: Settings) -> Bool { settings.volume > 8 }
///     }
/// }
///
/// if try await agent.read(Settings.IsLoud()) { … }
/// ```
/// The type is found by its name in the agent's process: declare it at file scope or inside another type, and not
/// `private`.
public protocol AgentQuery: Codable, Sendable {
    /// What it is asked of: the compiler knows it from `read`.
    associatedtype State: Sendable
    /// The answer.
    associatedtype Result: Codable & Sendable

    /// Answers, in the agent's process; an error reaches whoever asked.
    func read(from state: State) throws -> Result
}

/// The question for everything.
struct AgentWhole<State: Codable & Sendable>: AgentQuery {
    func read(from state: State) -> State { state }
}
