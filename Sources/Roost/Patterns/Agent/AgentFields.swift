/// A state of which single fields can be read and set by key path.
///
/// Key paths cannot leave their process, so the type lists those that mean something elsewhere; what is sent is the
/// place in the list. Nested properties may be in it too.
///
/// ```swift
/// struct Settings: Codable, Sendable, AgentFields {
///     var theme: String
///     var volume = 5
///
///     static var fields: [PartialKeyPath<Settings>] { [\.theme, \.volume] }
/// }
///
/// let theme = try await agent.read(\.theme)
/// try await agent.set(\.volume, to: 7)
/// ```
public protocol AgentFields: Sendable {
    /// The key paths that can be used from afar; those to variables can be set too.
    static var fields: [PartialKeyPath<Self>] { get }
}

/// One of a state's fields.
struct AgentField<State: AgentFields, Value: Codable & Sendable>: Codable, Sendable {
    let index: Int

    /// - Throws: ``AgentError`` with `.noSuchField`.
    init(_ keyPath: KeyPath<State, Value>) throws {
        guard let index = State.fields.firstIndex(of: keyPath) else {
            throw AgentError(.noSuchField, "\(keyPath) is not one of the fields that \(State.self) lists")
        }
        self.index = index
    }

    func keyPath<Path: KeyPath<State, Value>>(_ type: Path.Type) throws -> Path {
        let fields = State.fields
        guard fields.indices.contains(index), let keyPath = fields[index] as? Path else {
            throw AgentError(.noSuchField, "field \(index) of \(State.self) is not a \(Path.self)")
        }
        return keyPath
    }
}

struct AgentFieldQuery<State: AgentFields, Value: Codable & Sendable>: AgentQuery {
    let field: AgentField<State, Value>

    func read(from state: State) throws -> Value {
        state[keyPath: try field.keyPath(KeyPath<State, Value>.self)]
    }
}

/// A field's own update, so that nothing but the change travels.
struct AgentFieldUpdate<State: AgentFields, U: AgentUpdate>: AgentUpdate
where U.State: Codable {
    let field: AgentField<State, U.State>
    let update: U

    func apply(to state: inout State) throws -> U.Result {
        try update.applyOrLeave(&state[keyPath: try field.keyPath(WritableKeyPath<State, U.State>.self)])
    }

    static var keepsCopy: Bool { false }
}

extension Agent where State: AgentFields {
    /// Reads a field.
    ///
    /// - Throws: ``AgentError`` with `.noSuchField` when the state does not list the key path; ``RemoteCallError``.
    public nonisolated(nonsending) func read<Value: Codable & Sendable>(
        _ field: KeyPath<State, Value>
    ) async throws -> Value {
        try await read(AgentFieldQuery(field: AgentField(field)))
    }

    /// Sets a field.
    ///
    /// - Throws: ``AgentError`` with `.noSuchField` when the state does not list the key path; ``RemoteCallError``.
    public nonisolated(nonsending) func set<Value: Codable & Sendable>(
        _ field: WritableKeyPath<State, Value>, to value: Value
    ) async throws {
        try await update(field, with: AgentReplacement(state: value))
    }

    /// Applies an update to a field.
    ///
    /// - Throws: what the update throws; ``AgentError`` with `.noSuchField`; ``RemoteCallError``.
    @discardableResult
    public nonisolated(nonsending) func update<U: AgentUpdate>(
        _ field: WritableKeyPath<State, U.State>, with update: U
    ) async throws -> U.Result where U.State: Codable, U.Result: Codable {
        try await self.update(AgentFieldUpdate(field: AgentField(field), update: update))
    }

    /// Applies an update that returns nothing to a field.
    ///
    /// - Throws: what the update throws; ``AgentError`` with `.noSuchField`; ``RemoteCallError``.
    public nonisolated(nonsending) func update<U: AgentUpdate>(
        _ field: WritableKeyPath<State, U.State>, with update: U
    ) async throws where U.State: Codable, U.Result == Void {
        try await self.update(AgentFieldUpdate(field: AgentField(field), update: update))
    }

    /// Adds to a field that is an integer; returns the sum.
    ///
    /// - Throws: ``AgentError`` with `.overflow`, after which the field is as it was, and `.noSuchField`;
    ///   ``RemoteCallError``.
    @discardableResult
    public nonisolated(nonsending) func increment<Number: FixedWidthInteger & Codable & Sendable>(
        _ field: WritableKeyPath<State, Number>, by amount: Number = 1
    ) async throws -> Number {
        try await update(field, with: Increment(by: amount))
    }
}
