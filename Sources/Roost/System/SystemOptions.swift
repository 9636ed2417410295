/// How a system works.
///
/// Every limit has a default that fits most programs.
public struct SystemOptions: Sendable {
    /// How processes are made.
    public enum SpawnMethod: Sendable, Hashable {
        /// Forked from a small helper process, the zygote: fastest and smallest.
        case zygote
        /// The executable is started anew for every actor, for programs that cannot be forked.
        case exec
        /// No process: the actor lives in the node, behind the same mailbox and sockets. For debuggers,
        /// sanitizers and coverage; nothing isolates the actors from each other.
        case inProcess
    }

    /// How processes are made, unless a spawn says otherwise.
    public var spawnMethod: SpawnMethod = .zygote
    /// The largest message in bytes: arguments or result, encoded.
    ///
    /// 64 MiB.
    public var maximumMessageSize = 64 << 20
    /// How many messages a sender may have under way to one mailbox.
    ///
    /// 1,024.
    public var mailboxMessages = 1_024
    /// How many bytes a sender may have under way to one mailbox.
    ///
    /// 8 MiB.
    public var mailboxBytes = 8 << 20
    /// How long an actor's process and initialiser may take to become ready.
    ///
    /// 30 seconds.
    public var startLimit = Duration.seconds(30)
    /// How long an actor may take to finish its message and end when it is stopped.
    ///
    /// 5 seconds.
    public var shutdownLimit = Duration.seconds(5)
    /// How long a process may stay stopped (SIGSTOP) before it is killed and replaced.
    ///
    /// 1 second.
    public var stoppedGrace = Duration.seconds(1)

    /// Where the actors' processes' standard output and error go.
    ///
    /// To the node's, line by line under the actor's name.
    public var output = WorkerOutput.prefixed
    /// Whether the node prints a report of each crash on its standard error.
    ///
    /// It does.
    public var crashReports = CrashReport.Printing.print
    /// Where the node writes the workers' lines: tests look at them there.
    package var outputDescriptors: (output: Int32, error: Int32) = (1, 2)

    /// All defaults.
    public init() {}
}

/// How a spawned actor is supervised.
public struct SpawnOptions: Sendable {
    /// What becomes of messages to an actor that is being restarted.
    public enum WhileRestarting: Sendable, Hashable {
        /// They wait for the next incarnation, calls with a deadline at most until then.
        case wait
        /// Calls fail with `.notDelivered` at once, and one-way messages become dead letters.
        case failFast
    }

    /// When it is started again.
    ///
    /// Always, by default.
    public var restart: Restart
    /// How often it may be restarted before it stays dead.
    public var intensity: RestartIntensity
    /// How long to wait before a restart.
    public var backoff: Backoff
    /// What becomes of messages that come between two incarnations.
    ///
    /// They wait, by default.
    public var whileRestarting: WhileRestarting
    /// How its process is made; nil for the system's way.
    public var method: SystemOptions.SpawnMethod?
    /// How long it may take to become ready; nil for the system's limit.
    public var startLimit: Duration?

    /// Supervision with OTP's defaults, and a backoff.
    public init(
        restart: Restart = .permanent, intensity: RestartIntensity = RestartIntensity(),
        backoff: Backoff = Backoff(), whileRestarting: WhileRestarting = .wait,
        method: SystemOptions.SpawnMethod? = nil, startLimit: Duration? = nil
    ) {
        self.restart = restart
        self.intensity = intensity
        self.backoff = backoff
        self.whileRestarting = whileRestarting
        self.method = method
        self.startLimit = startLimit
    }
}
