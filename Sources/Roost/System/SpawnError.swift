/// An actor that could not be started, or found.
public struct SpawnError: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// What kind of failure it was.
    ///
    /// More may be added: compare with `==`, and keep a default.
    public struct Code: Hashable, Sendable, Codable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// Another actor has the name.
        public static let nameTaken = Code(description: "nameTaken")
        /// No actor has the name.
        public static let notFound = Code(description: "notFound")
        /// The actor has the name, but is of another type.
        public static let wrongType = Code(description: "wrongType")
        /// The type has no name by which another process could find it again.
        public static let typeNotRebuildable = Code(description: "typeNotRebuildable")
        /// The arguments could not be encoded, or not be decoded in the new process.
        public static let invalidArguments = Code(description: "invalidArguments")
        /// The initialiser, or `prepareProcess`, threw.
        public static let initializerThrew = Code(description: "initializerThrew")
        /// The initialiser threw ``Ignore``: the actor is not needed.
        public static let ignored = Code(description: "ignored")
        /// The process ended before the initialiser had finished.
        public static let died = Code(description: "died")
        /// The initialiser did not finish in time; the process was killed.
        public static let timedOut = Code(description: "timedOut")
        /// The operating system refused a process or a descriptor.
        public static let resources = Code(description: "resources")
        /// The system has been stopped.
        public static let systemStopped = Code(description: "systemStopped")
    }

    /// What kind of failure it was.
    public var code: Code
    /// The name the actor has or was to have.
    public var actor: String
    /// The actor's type.
    public var typeName: String
    /// Why the process ended, when it did.
    public var exitReason: ExitReason?
    /// What went wrong, in words.
    public var message: String

    /// Makes an error; the runtime does, and tests may.
    public init(
        _ code: Code, actor: String, typeName: String, exitReason: ExitReason? = nil, message: String
    ) {
        self.code = code
        self.actor = actor
        self.typeName = typeName
        self.exitReason = exitReason
        self.message = message
    }

    /// Who, what and why, in one line.
    public var description: String {
        let reason = exitReason.map { "; the process \($0)" } ?? ""
        return "\(typeName) \"\(actor)\": \(code): \(message)\(reason)"
    }
}
