internal import RoostPlatform

/// A supervisor at work: does what its ``SupervisorState`` decides, and tells it what came of it.
///
/// Belongs to the node's loop.
final class SupervisorNode: @unchecked Sendable {
    // @unchecked: see above.

    typealias ChildID = SupervisorState.ChildID

    /// What is there for a child.
    struct Entry {
        var specification: ChildSpecification
        /// There while the actor has its name, also between two incarnations.
        var actor: ActorRecord?
        var supervisor: SupervisorNode?
        var restarts = 0
        var startError: SpawnError?
        /// The end that is to be reported once it is decided what follows.
        var crash: (process: WorkerProcess, reason: ExitReason)?
    }

    /// How something that was asked came out.
    typealias Completion = (SupervisorState.Answer, SpawnError?) -> Void

    let number: UInt64
    let path: String
    let specification: SupervisorSpecification
    private unowned let node: Node
    /// The process whose actor started it, and with which it ends.
    weak var owner: WorkerProcess?
    /// The supervisor above, and this one's number there.
    private let parent: (supervisor: SupervisorNode, child: ChildID)?
    private(set) var state: SupervisorState
    private(set) var entries: [ChildID: Entry] = [:]
    private var timers: [SupervisorState.Timer: EventLoop.TimerToken] = [:]
    private var requests: [SupervisorState.Request: Completion] = [:]
    private var lastRequest = 0
    private var nameCount = 0
    private var actions = RingBuffer<SupervisorState.Action>()
    private var isActing = false
    /// Why the last child that could not be started could not.
    private(set) var startError: SpawnError?
    /// For a supervisor that was started by itself.
    var startWaiter: ((Result<Void, SupervisorError>) -> Void)?
    var endWaiters: [(ExitReason) -> Void] = []

    init(
        number: UInt64, path: String, _ specification: SupervisorSpecification, node: Node,
        parent: (SupervisorNode, ChildID)?
    ) {
        self.number = number
        self.path = path
        self.specification = specification
        self.node = node
        self.parent = parent
        state = SupervisorState(specification.rules, children: specification.children.map(\.rules))
        for (child, specified) in zip(state.children, specification.children) {
            entries[child.id] = Entry(specification: specified)
        }
    }

    var isRoot: Bool { parent == nil }

    /// A name for a child that was given none.
    func nextName(_ typeName: String) -> String {
        nameCount += 1
        return "\(typeName)-\(number).\(nameCount)"
    }

    func start() { act(state.start()) }

    func stop(_ reason: ExitReason = .shutdown) { act(state.stop(reason)) }

    // MARK: What is asked

    /// Starts a child behind all others.
    func startChild(_ specification: ChildSpecification, _ done: @escaping Completion) {
        let request = note(done)
        let actions = state.startChild(specification.rules, for: request)
        if let added = state.children.last, added.starter == request {
            entries[added.id] = Entry(specification: specification)
        }
        act(actions)
    }

    func stopChild(_ id: ChildID, _ done: @escaping Completion) {
        act(state.stopChild(id, for: note(done)))
    }

    func restartChild(_ id: ChildID, _ done: @escaping Completion) {
        act(state.restartChild(id, for: note(done)))
    }

    func deleteChild(_ id: ChildID, _ done: @escaping Completion) {
        act(state.deleteChild(id, for: note(done)))
    }

    private func note(_ done: @escaping Completion) -> SupervisorState.Request {
        lastRequest += 1
        requests[lastRequest] = done
        return lastRequest
    }

    // MARK: What happens to the children

    func actorIsReady(_ id: ChildID) {
        dropArguments(id)
        act(state.childStarted(id))
    }

    // A temporary child is not started again; its arguments may be large, and there may be many like it.
    private func dropArguments(_ id: ChildID) {
        guard let entry = entries[id], entry.specification.rules.restart == .temporary,
            case .actor(var actor) = entry.specification.kind
        else { return }
        actor.arguments = []
        entries[id]?.specification.kind = .actor(actor)
        entry.actor?.arguments = []
    }

    func actorIsIgnored(_ id: ChildID) { act(state.childIgnored(id)) }

    func actorEnded(
        _ id: ChildID, _ process: WorkerProcess?, _ reason: ExitReason, startError: SpawnError?
    ) {
        // An initialiser that throws is told to whoever starts it.
        let isTold = process?.startFailure != nil && entries[id]?.restarts == 0
        entries[id]?.crash = isTold ? nil : process.map { ($0, reason) }
        if let startError {
            entries[id]?.startError = startError
            self.startError = startError
        }
        childEnded(id, reason)
    }

    private func childEnded(_ id: ChildID, _ reason: ExitReason) {
        act(state.childEnded(id, reason, at: .now, random: .random(in: 0..<1)))
    }

    // MARK: Acting

    // In the order they were decided, also when an action has a consequence at once.
    private func act(_ decided: [SupervisorState.Action]) {
        for action in decided { actions.append(action) }
        if isActing { return }
        isActing = true
        while let action = actions.popFirst() { perform(action) }
        isActing = false
    }

    private func perform(_ action: SupervisorState.Action) {
        switch action {
        case .start(let id):
            reportCrash(of: id, .restart(after: .zero))
            startIncarnation(id)
        case .stop(let id): stopIncarnation(id)
        case .setTimer(let timer, let delay): set(timer, delay)
        case .cancelTimer(let timer): timers.removeValue(forKey: timer).map(node.loop.cancel)
        case .release(let id): release(id)
        case .forget(let id):
            release(id)
            entries[id] = nil
        case .restarting(let id, let delay):
            reportCrash(of: id, .restart(after: delay))
            report(restarting: id, after: delay)
        case .gaveUp(let id):
            reportCrash(of: id, .gaveUp)
            node.publishSupervisor(.gaveUp(.failed(.restartedTooOften(state.rules.intensity))), path)
        case .answer(let request, let answer): self.answer(request, answer)
        case .started: started()
        case .ended(let reason): ended(reason)
        }
    }

    private func startIncarnation(_ id: ChildID) {
        guard let entry = entries[id] else { return }
        switch entry.specification.kind {
        case .actor(let actor):
            if let record = entry.actor { return node.startAgain(record) }
            do {
                entries[id]?.actor = try node.startSupervised(actor, by: self, as: id)
            } catch {
                actorEnded(id, nil, .failed(RemoteError(describing: error)), startError: error)
            }
        case .supervisor(let below):
            let path = "\(path)/\(entry.specification.rules.name)"
            let supervisor = node.addSupervisor(path, below, parent: (self, id))
            entries[id]?.supervisor = supervisor
            supervisor.start()
        }
    }

    private func stopIncarnation(_ id: ChildID) {
        if let actor = entries[id]?.actor {
            node.stopIncarnation(of: actor)
        } else {
            entries[id]?.supervisor?.stop()
        }
    }

    private func set(_ timer: SupervisorState.Timer, _ delay: Duration) {
        timers[timer] = node.loop.schedule(
            .closure { [weak self] in
                guard let self else { return }
                timers[timer] = nil
                act(state.timerFired(timer))
            }, at: Monotonic.now.advanced(by: delay))
    }

    private func release(_ id: ChildID) {
        reportCrash(of: id, entries[id]?.startError == nil ? .staysDead : .startFailed)
        if let actor = entries[id]?.actor { node.removeSupervised(actor) }
        entries[id]?.actor = nil
        entries[id]?.supervisor = nil
    }

    private func reportCrash(of id: ChildID, _ decision: CrashReport.Decision) {
        guard let crash = entries[id]?.crash else { return }
        entries[id]?.crash = nil
        node.reportCrash(of: crash.process, crash.reason, decision)
    }

    private func report(restarting id: ChildID, after delay: Duration) {
        entries[id]?.restarts += 1
        if let actor = entries[id]?.actor { node.willRestart(actor, after: delay) }
    }

    private func answer(_ request: SupervisorState.Request, _ answer: SupervisorState.Answer) {
        var startError: SpawnError?
        if case .startFailed(let id, _) = answer { startError = entries[id]?.startError }
        requests.removeValue(forKey: request)?(answer, startError)
    }

    private func started() {
        startWaiter.take()?(.success(()))
        if let parent { parent.supervisor.act(parent.supervisor.state.childStarted(parent.child)) }
    }

    private func ended(_ reason: ExitReason) {
        node.removeSupervisor(self, reason)
        let text = startError.map { "\($0)" } ?? "it \(reason)"
        startWaiter.take()?(
            .failure(SupervisorError(.startFailed, supervisor: path, cause: startError, message: text)))
        for waiter in endWaiters { waiter(reason) }
        endWaiters = []
        guard let parent else { return }
        parent.supervisor.startError = startError
        parent.supervisor.entries[parent.child]?.startError = startError
        parent.supervisor.childEnded(parent.child, reason)
    }
}
