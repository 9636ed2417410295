internal import RoostPlatform
internal import RoostWire

/// The node: keeps the spawned actors and their names, starts and reaps their processes, and gives
/// processes that want to talk a socket to each other.
///
/// Everything here happens on the node's loop, a thread that runs no user code. What the node decides
/// about an actor's life is ``ActorLife``'s to say; here it is done.
final class Node: NodeLink, @unchecked Sendable {
    // @unchecked: all state belongs to the loop; the public API comes in through `onLoop`.

    /// The node's own number among the processes.
    static let processNumber: UInt64 = 1

    let loop: EventLoop
    let options: SystemOptions
    let events = EventHub()
    let output: OutputStreams
    let systemNumber = UInt64.random(in: 1 ... .max)
    /// Nil before the start and after the end.
    private(set) var host: ActorHost?

    var actors: [UInt64: ActorRecord] = [:]
    var names: [String: UInt64] = [:]
    var processes: [UInt64: WorkerProcess] = [:]
    var processByID: [Int32: WorkerProcess] = [:]
    var nextActor: UInt64 = 0
    var supervisors: [UInt64: SupervisorNode] = [:]
    var supervisorPaths: [String: UInt64] = [:]
    var nextSupervisor: UInt64 = 0
    var supervisorEnds = RecentEnds()
    var followers: [String: [ObjectIdentifier: LifecycleFeed]] = [:]
    var groups = GroupsState()
    var groupFollowers: [String: [ObjectIdentifier: GroupFeed]] = [:]
    var deadLetters = DeadLetterCounts()
    var nextProcess = Node.processNumber
    var state = NodeState.starting
    var stopWaiters: [() -> Void] = []
    private(set) var zygote: Zygote?
    private var childWatch: SignalWatch?
    private var terminationWatch: SignalWatch?
    let inheritsOrphans = CurrentProcess.inheritsOrphans
    var orphans = Orphans()
    var orphanTimer: EventLoop.TimerToken?
    private(set) var crashes: CrashListener?
    /// The backtraces under way, by the process id of the crashed worker's copy.
    var backtraces: [Int32: BacktraceReader] = [:]
    private var lastWatch: UInt32 = 0
    /// The process that each watch is of, while it is there.
    var watched: [WorkerProcess.WatchKey: UInt64] = [:]
    private var processEnds = RecentEnds()
    private var actorEnds = RecentEnds()
    /// Wants to know when the zygote is gone, once nothing needs it any more.
    var zygoteWaiter: (() -> Void)?
    var waitGraph = WaitGraph()
    /// Asks for reports of waits again, while calls may be waiting for each other.
    var waitTimer: EventLoop.TimerToken?
    /// Looks at the memory of processes that have a limit, while there are any.
    var memoryTimer: EventLoop.TimerToken?
    /// Ends of children whose process id the zygote has not told yet.
    var earlyEnds: [Int32: ChildProcess.Status] = [:]

    /// Where the node is in its own life.
    enum NodeState {
        case starting
        case running
        case stopping
        case stopped
    }

    init(options: SystemOptions) throws(SystemError) {
        self.options = options
        loop = try EventLoop()
        output = OutputStreams(options, loop: loop)
    }

    /// Starts the loop's thread, and the zygote from it; returns when both are there.
    static func start(_ options: SystemOptions) async throws -> (Node, ActorHost) {
        CurrentProcess.raiseDescriptorLimit()
        let node = try Node(options: options)
        let limits = Limits(
            maximumMessage: options.maximumMessageSize, mailboxMessages: options.mailboxMessages,
            mailboxBytes: options.mailboxBytes)
        let host = ActorHost(
            loop: node.loop, limits: limits, systemNumber: node.systemNumber, process: Node.processNumber,
            link: node)
        node.host = host
        try RuntimeThread.start(named: "roost-node") {
            node.loop.run()
            node.loopEnded()
        }
        try await node.onLoop { node, done in
            done(Result { try node.open() })
        }
        return (node, host)
    }

    private func open() throws {
        crashes = try CrashListener(loop: loop) { [unowned self] record in told(record) }
        childWatch = try SignalWatch(.childChanged, loop: loop) { [unowned self] in
            while let (pid, change) = ChildProcess.nextChange() { childChanged(pid, change) }
            expectOrphans()
        }
        if options.terminationSignal == .stopsSystem {
            terminationWatch = try SignalWatch(.termination, loop: loop) { [unowned self] in terminate() }
        }
        if options.spawnMethod == .zygote { try startZygote() }
        state = .running
    }

    private func startZygote() throws(SystemError) {
        let zygote = Zygote(
            loop: loop, crashes: crashes?.workersEnd ?? -1, backtraces: options.backtraceSettings
        ) { [unowned self] pid in
            publish(.zygoteReplaced, processID: pid)
        }
        try zygote.start()
        self.zygote = zygote
    }

    /// The zygote, started when the first actor needs it.
    func readyZygote() throws(SystemError) -> Zygote {
        if zygote == nil { try startZygote() }
        guard let zygote else { throw SystemError("zygote", 0) }
        return zygote
    }

    // MARK: Coming in from other threads

    /// Runs `work` on the loop and waits for what it hands to its completion.
    func onLoop<T: Sendable>(
        _ work: @escaping @Sendable (Node, @escaping @Sendable (Result<T, any Error>) -> Void) -> Void
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let isAccepted = loop.perform { [self] in work(self) { continuation.resume(with: $0) } }
            if !isAccepted { continuation.resume(throwing: Self.stoppedError) }
        }
    }

    /// What everything asked of a system that is no more comes to.
    static let stoppedError = SpawnError(
        .systemStopped, actor: "", typeName: "ProcessActorSystem", message: "the system has been stopped")

    // MARK: Events

    func publish(
        _ kind: SystemEvent.Kind, _ actor: ActorRecord? = nil, incarnation: Int? = nil,
        processID: Int32? = nil
    ) {
        events.publish(
            SystemEvent(
                kind: kind, actor: actor?.name ?? "",
                incarnation: incarnation ?? actor?.life.incarnation ?? 0,
                processID: processID))
    }

    var canReport: Bool { true }

    func report(_ letter: DeadLetterRecord) {
        let dead = DeadLetter(
            sender: sender(of: letter), receiver: letter.receiver.cut(), target: letter.target.cut(),
            reason: DeadLetter.Reason(description: letter.reason.cut()), detail: letter.detail.cut(),
            count: Int(clamping: letter.count))
        deadLetters.add(dead.count, dead.reason)
        events.publish(
            SystemEvent(kind: .deadLetter(dead), actor: dead.receiver, incarnation: 0, processID: nil))
    }

    private func sender(of letter: DeadLetterRecord) -> String {
        if let key = letter.actor {
            return key.isSpawned ? actors[key.number]?.name ?? "actor \(key)" : "actor \(key)"
        }
        if letter.process == Node.processNumber { return "the node" }
        return processes[letter.process]?.actor.name ?? "process \(letter.process)"
    }

    // MARK: How processes ended

    func remember(_ reason: ExitReason, of process: UInt64) {
        processEnds.add(reason, of: process)
    }

    func newWatch() -> UInt32 {
        lastWatch &+= 1
        return lastWatch
    }

    func rememberActor(_ number: UInt64, _ reason: ExitReason) {
        actorEnds.add(reason, of: number)
    }

    func reasonOfProcess(_ number: UInt64) -> ExitReason { processEnds[number] ?? .unknown }

    /// Why an actor that is no more ended, or why the incarnation before the next one did.
    func reasonOfActor(_ number: UInt64) -> ExitReason {
        actors[number]?.lastReason ?? actorEnds[number] ?? .unknown
    }

    func exitReason(of process: UInt64, _ answer: @escaping @Sendable (ExitReason) -> Void) {
        if let running = processes[process] {
            if let crash = running.crash { return answer(running.exitReason(.signalled(crash.signal))) }
            running.reasonWaiters.append(answer)
        } else {
            answer(reasonOfProcess(process))
        }
    }

    func progressed() {}

    func endRequested(_ end: ActorContext.End) {
        preconditionFailure("the node is no spawned actor")
    }

    // MARK: Stopping

    /// Stops every actor, then the zygote, then the loop.
    func stop(_ done: @escaping () -> Void) {
        switch state {
        case .stopped: return done()
        case .stopping: return stopWaiters.append(done)
        case .starting, .running: break
        }
        state = .stopping
        stopWaiters.append(done)
        for actor in actors.values.sorted(by: { $0.number > $1.number }) where actor.supervisor == nil {
            stop(actor) {}
        }
        // Those below are stopped by those above.
        for supervisor in supervisors.values.sorted(by: { $0.number < $1.number }) where supervisor.isRoot {
            supervisor.stop()
        }
        finishIfStopped()
    }

    private func isAlive(_ child: Int32) -> Bool {
        do {
            return try ChildProcess.reap(child) == nil
        } catch {
            return false  // the child watch has reaped it already
        }
    }

    func finishIfStopped() {
        guard state == .stopping, processes.isEmpty, supervisors.isEmpty, backtraces.isEmpty else { return }
        state = .stopped
        zygote?.close()
        reapZygote { [self] in
            childWatch?.close()
            crashes?.close()
            host?.closeAll()
            events.finish()
            output.close()
            output.whenWritten { [self] in
                // Not before: without a watch, another system's end is the program's.
                terminationWatch?.close()
                finishFollowers()
                for waiter in stopWaiters { waiter() }
                stopWaiters = []
                loop.stop()
            }
        }
    }

    // The host refers to the node, and its coding to the system, which refers to both.
    private func loopEnded() {
        host?.detach()
        host = nil
        // Also after a signal that came too late for the loop to take it.
        if terminationWatch != nil { CurrentProcess.terminate() }
    }

    // It ends at once when its socket closes, and the child watch tells.
    private func reapZygote(_ done: @escaping () -> Void) {
        guard let pid = zygote?.pid, isAlive(pid) else { return done() }
        zygoteWaiter = done
    }
}
