internal import RoostPlatform
internal import RoostWire

/// A worker as the node sees it: its control socket, its process id, and what is known about its end.
///
/// Belongs to the node's loop.
final class WorkerProcess: @unchecked Sendable {
    // @unchecked: see above.

    typealias Control = ControlConnection<WorkerMessage, NodeMessage>

    let number: UInt64
    let actor: ActorRecord
    let incarnation: Int
    let method: SystemOptions.SpawnMethod
    let begun = Monotonic.now
    var control: Control?
    var pid: Int32?
    /// What it prints; nil while it has no streams, or those of the node.
    var output: ProcessOutput?
    /// Becomes readable at the process's end.
    var handle: ProcessHandle?
    /// The processes it has a data socket to.
    var peers: Set<UInt64> = []
    var timers: [EventLoop.TimerToken] = []
    var stoppedTimer: EventLoop.TimerToken?
    var stopSequence: StopSequence
    var watchdog: WatchdogState?

    /// It said that it is ready before its process id was known.
    var wasReadyEarly = false
    /// What it said about its own end.
    var announced: ExitReason?
    /// What it said about its start, when that failed.
    var startFailure: RemoteFailure?
    /// Its actor is not needed, its initialiser said.
    var isIgnored = false
    /// What it told when it crashed; it may still be busy with that.
    var crash: CrashRecord?
    var backtrace = BacktraceState()
    /// Why Roost killed it.
    var killer: ExitReason.Killer?
    var reason: ExitReason?
    /// Who are told of its end.
    var watchers: [WatchKey: Notice] = [:]
    /// The numbers of its own watches over others.
    var watches: Set<UInt32> = []
    var reasonWaiters: [(ExitReason) -> Void] = []

    /// Those who want its figures, each with the number of the answer that is his.
    var poll = FiguresPoll()
    var figureWaiters: [(number: UInt32, done: () -> Void)] = []

    /// What its actor has started, which ends with it.
    var spawned: [UInt64: ActorRecord] = [:]
    var supervisors: [UInt64: SupervisorNode] = [:]
    /// What it waits for.
    var questions = OpenQuestions()
    /// What its actor follows: each is called when it does so no more.
    var following: [UInt32: () -> Void] = [:]

    /// Told which process has ended, and why.
    typealias Notice = (UInt64, ExitReason) -> Void

    /// Who watches: a process, and its number for the watch.
    struct WatchKey: Hashable {
        let process: UInt64
        let request: UInt32
    }

    init(
        number: UInt64, actor: ActorRecord, incarnation: Int, method: SystemOptions.SpawnMethod,
        shutdown: ShutdownPolicy
    ) {
        stopSequence = StopSequence(shutdown)
        self.number = number
        self.actor = actor
        self.incarnation = incarnation
        self.method = method
    }

    /// It follows something, which counts as an open question of so many bytes until it does so no more.
    func follows(_ request: UInt32, bytes: Int, _ unfollow: @escaping () -> Void) {
        following[request] = { [unowned self] in
            questions.answered(bytes: bytes)
            unfollow()
        }
    }

    private var isStopping: Bool { actor.life.phase == .stopping }

    /// Why it ended, from what the kernel says and what was known before.
    func exitReason(_ status: ChildProcess.Status?) -> ExitReason {
        if let killer { return .killed(by: killer) }
        if isIgnored { return .normal }
        if let startFailure { return .failed(RemoteError(startFailure)) }
        switch status {
        case .exited(0):
            return announced ?? (isStopping ? .shutdown : .exited(code: 0))
        case .exited(let code): return .exited(code: code)
        case .signalled(let signal): return .crashed(signal: signal)
        case nil: return announced ?? (isStopping ? .shutdown : .unknown)
        }
    }
}

/// Watches a process id for the process's end.
final class ProcessHandle: EventHandler {
    private let descriptor: Descriptor
    private let loop: EventLoop
    private var token: EventLoop.Token?
    private let onEnd: () -> Void

    init(_ pid: Int32, loop: EventLoop, onEnd: @escaping () -> Void) throws(SystemError) {
        descriptor = try ChildProcess.openHandle(pid)
        self.loop = loop
        self.onEnd = onEnd
        token = try loop.add(descriptor.raw, for: .readable, handler: self)
    }

    func ready(_ readiness: Readiness) {
        onEnd()
    }

    func close() {
        guard let token else { return }
        loop.remove(token, descriptor: descriptor.raw)
        self.token = nil
    }
}
