/// Something asked of a supervisor that it could not do.
public struct SupervisorError: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// What kind of failure it was.
    ///
    /// More may be added: compare with `==`, and keep a default.
    public struct Code: Hashable, Sendable, Codable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// The specification cannot work; the message says where and why.
        ///
        /// Nothing was started.
        public static let invalidSpecification = Code(description: "invalidSpecification")
        /// No supervisor has this path, or it has ended.
        public static let noSuchSupervisor = Code(description: "noSuchSupervisor")
        /// A supervisor of this path is there already.
        public static let nameTaken = Code(description: "nameTaken")
        /// The supervisor has no child of this name.
        public static let noSuchChild = Code(description: "noSuchChild")
        /// A child of this name has been started.
        public static let alreadyStarted = Code(description: "alreadyStarted")
        /// A child of this name is specified and not running: restart it, or delete it first.
        public static let alreadySpecified = Code(description: "alreadySpecified")
        /// The child is running: stop it first.
        public static let isRunning = Code(description: "isRunning")
        /// The child is about to be restarted: stop it first.
        public static let isRestarting = Code(description: "isRestarting")
        /// A dynamic supervisor keeps no specifications, so there is nothing to restart or delete; or the
        /// supervisor is dynamic, or not, where the other kind is asked for.
        public static let wrongKind = Code(description: "wrongKind")
        /// The child could not be started; the message has the cause.
        public static let startFailed = Code(description: "startFailed")
        /// The child threw ``Ignore``: it is not needed.
        public static let ignored = Code(description: "ignored")
        /// The child was stopped while it was started.
        public static let wasStopped = Code(description: "wasStopped")
        /// The supervisor is shutting down.
        public static let isStopping = Code(description: "isStopping")
        /// The system has been stopped.
        public static let systemStopped = Code(description: "systemStopped")
    }

    /// What kind of failure it was.
    public var code: Code
    /// The supervisor's path.
    public var supervisor: String
    /// The child's name; empty when it is about the supervisor itself.
    public var child: String
    /// Why an actor could not be started, when that is what failed.
    public var cause: SpawnError?
    /// What went wrong, in words.
    public var message: String

    /// Makes an error; the runtime does, and tests may.
    public init(
        _ code: Code, supervisor: String, child: String = "", cause: SpawnError? = nil, message: String
    ) {
        self.code = code
        self.supervisor = supervisor
        self.child = child
        self.cause = cause
        self.message = message
    }

    /// Who, what and why, in one line.
    public var description: String {
        let who = child.isEmpty ? supervisor : "\(supervisor)/\(child)"
        return "\(who): \(code): \(message)"
    }
}

/// Thrown by an actor's initialiser to say that the actor is not needed here: no failure.
///
/// Its supervisor keeps the specification, unless the child is temporary or dynamic, and starts the next
/// child. OTP's `ignore`.
public struct Ignore: Error, Hashable, Sendable {
    /// The only value.
    public init() {}
}
