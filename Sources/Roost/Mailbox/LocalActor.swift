internal import Distributed
internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// An actor that lives in this process, with its mailbox and the task that serves it.
final class LocalActor: @unchecked Sendable {
    // @unchecked: `state` guards what changes.

    // @safe: the continuation is taken out under the lock, so it is resumed once.
    @safe struct State {
        var mailbox: MailboxState<InboundMessage>
        var figures = MailboxFigures()
        weak var actor: (any DistributedActor)?
        /// Spawned actors are kept alive by their process; others by whoever made them.
        var kept: (any DistributedActor)?
        var server: UnsafeContinuation<Void, Never>?
        var hasServer = false
        var task: Task<Void, Never>?
        var serving: CallIdentity?
        /// The calls that are served in tasks of their own: those that came back and are under way on top of
        /// the message that waits for them, and in a reentrant actor all.
        var apart: [CallIdentity: Apart] = [:]
        /// What is recorded of the messages under way in a reentrant actor, in the order they were begun.
        var records: [(message: ObjectIdentifier, record: CrashRecorder.Serving)] = []
        var isCancelled = false
        var closing: (reason: Refusal.Reason, detail: String) = (.terminated, "the actor has ended")
        /// It is to be told that it stops, before the end.
        var isAsked = false
        var isOver = false
        var afterServing: (@Sendable () -> Void)?

        init(_ reentrancy: Reentrancy) {
            mailbox = MailboxState(reentrancy)
        }
    }

    /// The task that serves a call.
    enum Apart {
        /// It is being made.
        case starting
        /// It is being made, and its caller waits no longer.
        case cancelled
        case running(Task<Void, Never>)
    }

    let number: UInt32
    let key: ActorKey
    let name: String
    let reentrancy: Reentrancy
    private let host: ActorHost
    let state: Mutex<State>
    let credit: Mutex<CreditSharing>
    /// Whether what it serves is recorded for its process's crash: the actor that a process is for.
    let isRecorded: Bool

    init(number: UInt32, key: ActorKey, name: String, reentrancy: Reentrancy, host: ActorHost) {
        self.number = number
        self.key = key
        self.name = name
        self.reentrancy = reentrancy
        self.host = host
        state = Mutex(State(reentrancy))
        credit = Mutex(CreditSharing(room: host.limits.mailbox))
        isRecorded = number == 0 && CrashRecorder.isTracking
    }

    func isReady(_ actor: any DistributedActor, keepAlive: Bool) {
        state.withLock { state in
            // Not both: an object that was ever referred to weakly is slower to retain, for every message.
            if keepAlive { state.kept = actor } else { state.actor = actor }
        }
    }

    /// Takes a message, or refuses it if the actor is gone.
    func deliver(_ message: InboundMessage) {
        let path = message.sections.path
        let level = path.isEmpty ? 0 : path.count { $0 == key }
        let (action, server) = state.withLock { state in
            state.figures.arrived()
            let action = state.mailbox.arrived(message, level: message.isCall ? level : 0)
            var server: ServerWake?
            if case .wakeServer = action { server = Self.wake(&state) }
            if isRecorded, case .queued = action { CrashRecorder.setWaiting(state.mailbox.count) }
            return (action, server)
        }
        switch action {
        case .wakeServer: if let server { perform(server) }
        case .queued: return
        case .serveNested(let message, let level): startNested(message, level: level)
        case .refused(let message): refuse(message)
        }
    }

    /// What a message that found nobody serving leads to.
    @safe enum ServerWake {
        case start
        case resume(UnsafeContinuation<Void, Never>)
    }

    static func wake(_ state: inout State) -> ServerWake? {
        if !state.hasServer {
            state.hasServer = true
            return .start
        }
        // Without one, the server is on its way to look for itself.
        return unsafe state.server.take().map { unsafe .resume($0) }
    }

    func perform(_ wake: ServerWake) {
        switch wake {
        case .start: startServer()
        case .resume(let continuation): unsafe continuation.resume()
        }
    }

    /// Ends the mailbox: what waits is refused, and once the message being served is done, `then` is called.
    ///
    /// `asking` has the actor's `willStop()` run before `then`.
    func close(
        _ reason: Refusal.Reason, _ detail: String, asking: Bool = false, then: (@Sendable () -> Void)? = nil
    ) {
        let (left, server, isOver) = state.withLock { state in
            if !state.mailbox.isClosed { state.closing = (reason, detail) }
            let left = state.mailbox.close()
            if asking { state.isAsked = true }
            // Without a server there is nothing under way; with one, what is left to do is done there.
            let needsServer = state.hasServer || (state.isAsked && state.kept != nil)
            if state.isOver || !needsServer { return (left, ServerWake?.none, true) }
            if let then { state.afterServing = then }
            return (left, Self.wake(&state), false)
        }
        for message in left { host.refuse(message, by: name, reason, detail) }
        if let server { perform(server) }
        if isOver {
            letGo()
            then?()
        }
    }

    /// What its mailbox has counted.
    var figures: FiguresRecord {
        state.withLock { state in
            var record = FiguresRecord()
            record.received = state.figures.received
            record.served = state.figures.served
            record.waiting = UInt64(state.mailbox.count)
            record.busy = state.figures.busy(at: .now)
            return record
        }
    }

    /// Lets go of the spawned actor: nothing is served any more.
    private func letGo() {
        // Its deinitialiser comes back here by way of `resignID`: it must not run under the lock.
        let kept = state.withLock { state in
            state.isOver = true
            return state.kept.take()
        }
        withExtendedLifetime(kept) {}
    }

    /// Calls `action` once the spawned actor has control, which it has not while one of its methods computes.
    func whenReached(_ action: @escaping @Sendable () -> Void) {
        let actor = state.withLock { $0.kept }
        Task.detached {
            if let actor = actor as? any ProcessActor { await Self.reach(actor) }
            action()
        }
    }

    /// Returns when the actor has, or has had, control.
    static func reach<A: ProcessActor>(_ actor: A) async {
        _ = await actor.whenLocal { _ in }
    }

    // MARK: Serving

    // One long task for all messages: starting a task for each would cost three times as much.
    private func startServer() {
        state.withLock { $0.task = Task.detached { await self.serve() } }
    }

    private enum Next {
        case serve(InboundMessage, (any DistributedActor)?, waiting: Int)
        case wait
        /// A cancelled task stays cancelled; the messages from here on need another.
        case replace
        /// The actor is asked to stop, and told so here.
        case tell(any DistributedActor)
        case over(left: [InboundMessage])
    }

    private func serve() async {
        while true {
            switch state.withLock({ Self.next(&$0) }) {
            case .serve(let message, let actor, let waiting):
                if isRecorded {
                    recordBegin(of: message)
                    CrashRecorder.setWaiting(waiting)
                }
                if reentrancy == .reentrant {
                    await begin(message, on: actor)
                } else {
                    await perform(message, on: actor, level: 1)
                }
            case .wait:
                if isRecorded && reentrancy == .serial { CrashRecorder.end() }
                unsafe await withUnsafeContinuation { unsafe park($0) }
            case .replace: return startServer()
            case .tell(let actor): await Self.tell(actor)
            case .over(let left):
                for message in left { refuse(message) }
                letGo()
                state.withLock { $0.afterServing.take() }?()
                return
            }
        }
    }

    private static func next(_ state: inout State) -> Next {
        state.serving = nil
        if state.isCancelled {
            state.isCancelled = false
            return .replace
        }
        if let message = state.mailbox.next() {
            if state.mailbox.reentrancy == .serial { state.serving = message.callIdentity }
            state.figures.begins(at: .now)
            return .serve(message, state.kept ?? state.actor, waiting: state.mailbox.count)
        }
        guard state.mailbox.isReady else {
            state.figures.pauses(at: .now)
            return .wait
        }
        if state.isAsked, let actor = state.kept {
            state.isAsked = false
            return .tell(actor)
        }
        return .over(left: state.mailbox.takeLeft())
    }

    private static func tell(_ actor: any DistributedActor) async {
        if let actor = actor as? any ProcessActor { await willStop(actor) }
    }

    private static func willStop<A: ProcessActor>(_ actor: A) async {
        _ = await actor.whenLocal { await $0.willStop() }
    }

    private func park(_ continuation: UnsafeContinuation<Void, Never>) {
        let mayWait = state.withLock { state in
            guard !state.mailbox.isReady else { return false }
            unsafe state.server = continuation
            return true
        }
        if !mayWait { unsafe continuation.resume() }
    }

    /// The caller no longer waits: a call that has not begun is dropped, one under way has its task cancelled.
    func cancel(_ call: CallIdentity) {
        let (dropped, task) = state.withLock { state -> ([InboundMessage], Task<Void, Never>?) in
            if state.serving == call {
                state.isCancelled = true
                return ([], state.task)
            }
            switch state.apart[call] {
            case .running(let task): return ([], task)
            case .starting, .cancelled: state.apart[call] = .cancelled
            case nil: return (state.mailbox.remove { $0.callIdentity == call }, nil)
            }
            return ([], nil)
        }
        task?.cancel()
        for message in dropped { host.dropped(message, by: name) }
    }

    // Under the lock, so that the task is noted before it ends.
    private func startNested(_ message: InboundMessage, level: Int) {
        state.withLock { state in
            state.figures.beginsNested()
            let task = Task.detached { await self.serveNested(message, level: level) }
            if let call = message.callIdentity { state.apart[call] = .running(task) }
        }
    }

    private func serveNested(_ message: InboundMessage, level: Int) async {
        let outer = isRecorded ? CrashRecorder.now : nil
        if isRecorded { recordBegin(of: message) }
        await perform(message, on: state.withLock { $0.kept ?? $0.actor }, level: level)
        let (action, server, isUnderWay) = state.withLock { state in
            if let call = message.callIdentity { state.apart[call] = nil }
            let action = state.mailbox.nestedEnded(level: level)
            var server: ServerWake?
            if case .wakeServer = action { server = Self.wake(&state) }
            return (action, server, state.mailbox.isServing)
        }
        if let outer { recordEnd(backTo: outer, isUnderWay: isUnderWay) }
        switch action {
        case .serve(let next, let level): startNested(next, level: level)
        case .wakeServer: if let server { perform(server) }
        case .nothing: break
        }
    }

    private func refuse(_ message: InboundMessage) {
        let (reason, detail) = state.withLock { $0.closing }
        host.refuse(message, by: name, reason, detail)
    }

    func perform(_ message: InboundMessage, on actor: (any DistributedActor)?, level: Int) async {
        guard let actor else {
            host.refuse(message, by: name, .terminated, "the actor has ended")
            return
        }
        if let deadline = message.sections.deadline, host.isPast(deadline) {
            host.expired(message, by: name)
            return
        }
        if message.sections.isRedelivered { message.tellBegun() }
        let context = ActorContext(serving: message, by: self, level: level, host: host)
        await ActorContext.$current.withValue(context) {
            await host.invoker.invoke(message, on: actor, named: name, host: host)
        }
        host.progressed()
        if let end = context.finish() { host.endRequested(by: self, end) }
    }
}
