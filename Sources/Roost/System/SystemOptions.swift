/// How a system works.
///
/// Every limit has a default that fits most programs.
public struct SystemOptions: Sendable {
    /// How processes are made.
    public enum SpawnMethod: Sendable, Hashable, Codable {
        /// Forked from a small helper process, the zygote: fastest and smallest.
        case zygote
        /// The executable is started anew for every actor, for programs that cannot be forked.
        case exec
        /// No process: the actor lives in the node, behind the same mailbox and sockets. For debuggers,
        /// sanitizers and coverage; nothing isolates the actors from each other.
        case inProcess
    }

    /// What SIGTERM to the program means.
    public enum TerminationSignal: Sendable, Hashable {
        /// Every system of the program is stopped, its actors in order as their shutdown policies say; then
        /// the program ends by the signal.
        ///
        /// A program that handles or ignores SIGTERM when the system is started keeps doing so, and this
        /// means ``handledByProgram``.
        case stopsSystem
        /// Nothing to the system: the program's handler stops it, or the program ends at once.
        case handledByProgram
    }

    /// How processes are made, unless a spawn says otherwise.
    public var spawnMethod: SpawnMethod = .zygote
    /// The largest message in bytes: arguments or result, encoded.
    ///
    /// 64 MiB.
    public var maximumMessageSize = 64 << 20
    /// How many messages a mailbox has room for, those under way to it included; its senders share it.
    ///
    /// 1,024.
    public var mailboxMessages = 1_024
    /// How many bytes a mailbox has room for, those under way to it included; its senders share it.
    ///
    /// 8 MiB.
    public var mailboxBytes = 8 << 20
    /// How long an actor's process and initialiser may take to become ready.
    ///
    /// 30 seconds.
    public var startLimit = Duration.seconds(30)
    /// How an actor that is stopped is brought to its end, unless its spawn says otherwise.
    ///
    /// It is asked, and has 5 seconds.
    public var shutdown = ShutdownPolicy.within(.seconds(5))
    /// How long a process may stay stopped (SIGSTOP) before it is killed and replaced.
    ///
    /// 1 second.
    public var stoppedGrace = Duration.seconds(1)

    /// What SIGTERM to the program means.
    ///
    /// The system is stopped first.
    public var terminationSignal = TerminationSignal.stopsSystem

    /// Where the actors' processes' standard output and error go.
    ///
    /// To the node's, line by line under the actor's name.
    public var output = WorkerOutput.prefixed
    /// Whether the node prints a report of each crash on its standard error.
    ///
    /// It does.
    public var crashReports = CrashReport.Printing.print
    /// Whether the report of a crash has a ``Backtrace`` in it.
    ///
    /// It has not. Making one takes the `swift-backtrace` program of the toolchain and, with much debug
    /// information, a second of a processor; nobody waits for that but the report. The environment's
    /// `SWIFT_BACKTRACE` has no say in it, and is left as it is for programs that an actor starts.
    public var backtraces = false
    /// How long making a backtrace may take; after that, the report comes without.
    ///
    /// 2 seconds.
    public var backtraceLimit = Duration.seconds(2)
    /// The path of the `swift-backtrace` program, which must not have a comma in it.
    ///
    /// By default it is looked for where the Swift runtime does: beside its libraries, as in a toolchain, or
    /// under `SWIFT_ROOT`. A machine without a toolchain can have a copy of the toolchain's
    /// `swift-backtrace-static`.
    public var backtraceProgram: String?
    /// Where the node writes the workers' lines: tests look at them there.
    package var outputDescriptors: (output: Int32, error: Int32) = (1, 2)

    /// All defaults.
    public init() {}
}

/// How a spawned actor is supervised.
public struct SpawnOptions: Sendable, Codable {
    /// What becomes of messages to an actor that is being restarted.
    public enum WhileRestarting: Sendable, Hashable, Codable {
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
    /// How it is brought to its end when it is stopped; nil for the system's way.
    public var shutdown: ShutdownPolicy?
    /// How much of the machine its process may use.
    ///
    /// As much as there is, by default; without core dumps.
    public var limits: ResourceLimits
    /// How long the actor may compute without a pause; nil, the default, for as long as it likes.
    ///
    /// A process whose actor computes, or blocks its thread, for longer, without finishing a message or
    /// calling `context.progress()`, is killed with the reason `.killed(by: .watchdog)`. An actor that
    /// *waits*, for a call, a timer or anything else it `await`s, is left alone. It takes up to half as
    /// long again to notice. With ``SystemOptions/SpawnMethod/inProcess`` there is no watchdog.
    public var watchdog: Duration?

    /// Supervision with OTP's defaults, and a backoff.
    public init(
        restart: Restart = .permanent, intensity: RestartIntensity = RestartIntensity(),
        backoff: Backoff = Backoff(), whileRestarting: WhileRestarting = .wait,
        method: SystemOptions.SpawnMethod? = nil, startLimit: Duration? = nil,
        shutdown: ShutdownPolicy? = nil, limits: ResourceLimits = ResourceLimits(), watchdog: Duration? = nil
    ) {
        precondition(watchdog.map { $0 > .zero } ?? true, "a watchdog's limit must be longer than nothing")
        self.restart = restart
        self.intensity = intensity
        self.backoff = backoff
        self.whileRestarting = whileRestarting
        self.method = method
        self.startLimit = startLimit
        self.shutdown = shutdown
        self.limits = limits
        self.watchdog = watchdog
    }
}
