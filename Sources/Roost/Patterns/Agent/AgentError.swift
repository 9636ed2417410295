/// What an ``Agent`` refuses to do; its state is as it was.
public struct AgentError: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// What kind of refusal it is.
    ///
    /// More may be added: compare with `==`, and keep a default.
    public struct Code: Hashable, Sendable, Codable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// There is no element at this index: ``AgentError/index`` and ``AgentError/count`` say which.
        public static let indexOutOfRange = Code(description: "indexOutOfRange")
        /// The number does not fit the type of the state.
        public static let overflow = Code(description: "overflow")
        /// The key path is not one of the state's ``AgentFields/fields``.
        public static let noSuchField = Code(description: "noSuchField")
        /// The dictionary has no such key.
        public static let noSuchKey = Code(description: "noSuchKey")
        /// The update, or query, is one of another type's state.
        public static let foreign = Code(description: "foreign")
        /// The state is not the one that was expected: ``AgentError/version`` says which it is.
        public static let changed = Code(description: "changed")
    }

    /// What kind of refusal it is.
    public var code: Code
    /// What is wrong, in words.
    public var message: String
    /// The agent, by name; empty when it had not been asked yet.
    public var agent = ""
    /// The index that does not exist.
    public var index: Int?
    /// How many elements there are.
    public var count: Int?
    /// Which state there is.
    public var version: AgentVersion?

    /// Makes an error; agents do, and updates may.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    static func outOfRange(_ index: Int, of count: Int) -> AgentError {
        var error = AgentError(.indexOutOfRange, "there is no index \(index) in \(count) elements")
        error.index = index
        error.count = count
        return error
    }

    static func overflow(_ what: String, _ type: any Any.Type) -> AgentError {
        AgentError(.overflow, "\(what) does not fit \(type)")
    }

    /// Who and why, in one line.
    public var description: String { "\(agent.isEmpty ? "agent" : agent): \(code): \(message)" }
}
