/// A change to an ``Agent``'s state, as a value: it has a name, can be sent, and is applied where the state is.
///
/// ```swift
/// struct Settings: Codable, Sendable {
///     var theme: String
///     var volume = 5
///
///     struct SetTheme: AgentUpdate {
///         var theme: String
///         init(_ theme: String) { self.theme = theme }
///         func apply(to settings: inout Settings) { settings.theme = theme }
///     }
/// }
///
/// try await agent.update(Settings.SetTheme("light"))
/// ```
/// It is applied atomically: nobody sees the state before it is done, and when it throws the state is as it was. What
/// it returns is the update's result: nothing, or a `Codable` value.
///
/// The type is found by its name in the agent's process: declare it at file scope or inside another type, and not
/// `private`.
public protocol AgentUpdate: Codable, Sendable {
    /// What it changes: the compiler knows it from `apply`.
    associatedtype State: Sendable
    /// What the one who asked for the update gets.
    associatedtype Result: Sendable
    /// What it throws: the compiler knows it from `apply`.
    associatedtype Failure: Error = any Error

    /// Changes the state, in the agent's process; an error reaches whoever asked for the update.
    func apply(to state: inout State) throws(Failure) -> Result

    /// Whether a copy of the state is kept meanwhile, to go back to.
    ///
    /// By default it is, unless `apply` cannot throw. With the copy there, changing a large collection copies it. An
    /// update that throws only before it has changed anything says `false`.
    static var keepsCopy: Bool { get }
}

extension AgentUpdate {
    /// A copy is kept, unless there is no error after which it would be needed.
    public static var keepsCopy: Bool { Failure.self != Never.self }

    /// Changes the state, or throws and leaves it as it was.
    func applyOrLeave(_ state: inout State) throws -> Result {
        guard Self.keepsCopy else { return try apply(to: &state) }
        let before = state
        do {
            return try apply(to: &state)
        } catch {
            state = before
            throw error
        }
    }
}
