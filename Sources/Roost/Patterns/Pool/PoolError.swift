/// A task that an ``ActorPool`` could not bring to an end, or a pool that could not be had.
///
/// What `perform` throws is not one of these: it arrives as itself.
public struct PoolError: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// What kind of failure it was.
    ///
    /// More may be added: compare with `==`, and keep a default.
    public struct Code: Hashable, Sendable, Codable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// The process died while serving the task, as often as the task may be tried.
        public static let workerDied = Code(description: "workerDied")
        /// The task was not done in time.
        ///
        /// Its process is free again, or killed and replaced, within ``PoolOptions/cancellationGrace``.
        public static let deadlineExceeded = Code(description: "deadlineExceeded")
        /// There is no process for the task, and none can be started.
        public static let unavailable = Code(description: "unavailable")
        /// The pool was stopped before the task was done.
        public static let stopped = Code(description: "stopped")
        /// The process to which the pool belongs has ended.
        public static let ownerEnded = Code(description: "ownerEnded")
    }

    /// What kind of failure it was.
    public var code: Code
    /// The pool, by name.
    public var pool: String
    /// The worker that was serving the task last: the name of its actor; nil when it was not being served.
    public var worker: String?
    /// Why that worker's process ended, or the pool's.
    public var exitReason: ExitReason?
    /// How many processes have died while serving the task.
    public var attempts: Int
    /// Why no process could be started.
    public var startError: SpawnError?

    /// Makes an error; the runtime does, and tests may.
    public init(
        _ code: Code, pool: String, worker: String? = nil, exitReason: ExitReason? = nil, attempts: Int = 0,
        startError: SpawnError? = nil
    ) {
        self.code = code
        self.pool = pool
        self.worker = worker
        self.exitReason = exitReason
        self.attempts = attempts
        self.startError = startError
    }

    /// Who, what and why, in one line.
    public var description: String {
        var text = "pool \"\(pool)\": \(code)"
        if let worker { text += ", \(worker)" }
        if let exitReason { text += " \(exitReason)" }
        if attempts > 0 { text += " (\(attempts) attempts)" }
        if let startError { text += ": \(startError)" }
        return text
    }
}

/// A task of a sequence that failed: which one, and with what.
public struct PoolTaskError: Error, CustomStringConvertible {
    /// The place of its input in the sequence, from 0.
    public var index: Int
    /// What `perform` threw, or a ``PoolError``, or a ``RemoteCallError`` when the input or the result could not be
    /// sent.
    public var underlying: any Error

    /// Makes an error; the runtime does, and tests may.
    public init(index: Int, underlying: any Error) {
        self.index = index
        self.underlying = underlying
    }

    /// The index and the error.
    public var description: String { "task \(index): \(underlying)" }
}
