internal import Distributed
internal import RoostPlatform
internal import RoostWire

/// The worker's side of the control socket: becomes the actor it is told to be, and asks the node.
///
/// Belongs to its loop's thread.
final class Worker: NodeLink, @unchecked Sendable {
    // @unchecked: everything mutable is touched on the loop only.

    typealias Control = ControlConnection<NodeMessage, WorkerMessage>

    let loop: EventLoop
    private let terminate: (Int32) -> Void
    private(set) var control: Control?
    private var system: ProcessActorSystem?
    private(set) var spawned: LocalActor?
    private var nextRequest: UInt32 = 0
    private var resolutions: [UInt32: @Sendable (Resolution) -> Void] = [:]
    private var reasons: [UInt32: @Sendable (ExitReason) -> Void] = [:]
    private var finds: [UInt32: @Sendable (FoundActor?) -> Void] = [:]
    private var answers: [UInt32: @Sendable (NodeAnswer) -> Void] = [:]
    private var feeds: [UInt32: any RemoteFeed] = [:]
    private var watches: [UInt32: @Sendable (ExitReason) -> Void] = [:]
    let progressReporter = ProgressReporter()
    private var isEnding = false
    private var isFinished = false

    /// - Parameters:
    ///   - socket: the control socket.
    ///   - loop: the process's loop, in the node's own process the worker's.
    ///   - terminate: ends the process with an exit code; in the node's own process, the worker.
    /// - Throws: `SystemError` when the socket cannot be watched.
    init(socket: consuming Descriptor, loop: EventLoop, terminate: @escaping (Int32) -> Void)
        throws(SystemError)
    {
        self.loop = loop
        self.terminate = terminate
        let control = Control(
            socket: socket, loop: loop, trust: .trusted,
            onMessage: { [unowned self] message, _ in handle(message) },
            // The node is gone, or has given up on this process.
            onEnd: { [unowned self] _ in finish(code: 0) })
        self.control = control
        try control.open()
    }

    private func handle(_ message: NodeMessage) {
        switch message {
        case .start(let order): start(order)
        case .peer(let process):
            guard let descriptor = control?.takeDescriptor() else { return }
            system?.host.adopt(descriptor, to: process)
        case .resolved(let request, let resolution): resolutions.removeValue(forKey: request)?(resolution)
        case .found(let request, let actor): finds.removeValue(forKey: request)?(actor)
        case .reason(let request, let record): reasons.removeValue(forKey: request)?(ExitReason(record))
        case .terminated(let request, let process, let record):
            guard let watcher = watches.removeValue(forKey: request) else { return }
            // After the last message of the dead one: what it had sent is taken in first.
            guard let host = system?.host else { return watcher(ExitReason(record)) }
            host.whenClosed(process) { watcher(ExitReason(record)) }
        case .told(let request, let process, let bytes):
            if let host = system?.host { feeds[request]?.take(bytes, of: process, by: host) }
        case .attend(let actor): system?.host.attend(actor)
        case .answered(let request, let bytes):
            guard let answer = try? WireCoding.value(NodeAnswer.self, of: bytes) else { return }
            answers.removeValue(forKey: request)?(answer)
        case .measure(let request):
            control?.send(.measured(request: request, system?.host.figures() ?? FiguresRecord()))
        case .stop: end(reporting: nil, asking: true)
        case .ping: answerPing()
        case .reportWaits: system?.host.reportWaits()
        case .deadlock(let call, let path): system?.host.endDeadlock(call, path: path)
        case .crashed(let process): system?.host.processDied(process)
        }
    }

    // MARK: Becoming the actor

    private func start(_ order: StartOrder) {
        let limits = Limits(
            maximumMessage: Int(order.maximumMessage), mailboxMessages: Int(order.mailboxMessages),
            mailboxBytes: Int(order.mailboxBytes))
        let host = ActorHost(
            loop: loop, limits: limits, systemNumber: order.system, process: order.process, link: self)
        host.isWatched = order.isWatched
        let system = ProcessActorSystem(host: host, node: nil, worker: self)
        self.system = system
        guard let type = WireName.type(order.mangledType) as? any ProcessActor.Type else {
            return fail(NotRebuildable(name: order.mangledType))
        }
        let local = host.reserveSpawned(
            .spawned(order.actor), name: order.name, reentrancy: type.reentrancy)
        spawned = local
        do {
            try order.limits?.apply()
        } catch {
            return fail(error)
        }
        Task.detached { [self] in
            do {
                try await Self.make(type, order.arguments, as: local, in: system)
                loop.perform { [self] in control?.send(.ready) }
            } catch {
                loop.perform { [self] in fail(error) }
            }
        }
    }

    private static func make<A: ProcessActor>(
        _ type: A.Type, _ arguments: [UInt8], as local: LocalActor, in system: ProcessActorSystem
    ) async throws {
        let value = try WireCoding.value(A.Arguments.self, of: arguments, userInfo: system.host.userInfo)
        try await A.prepareProcess()
        let identity = SpawnIdentity(type: type, local: local)
        _ = try await SpawnIdentity.$current.withValue(identity) {
            try await A(value, actorSystem: system)
        }
    }

    private func fail(_ error: any Error) {
        control?.send(
            error is Ignore ? .ignored : .startFailed(ErrorCoding.failure(from: error, userInfo: [:])))
        finish(code: 0)
    }

    // MARK: Ending

    func endRequested(_ end: ActorContext.End) {
        switch end {
        case .normal: self.end(reporting: .ending(nil))
        case .failed(let failure): self.end(reporting: .ending(failure))
        }
    }

    /// Serves the message under way to its end, gives the rest back, and ends the process.
    private func end(reporting message: WorkerMessage?, asking: Bool = false) {
        if isEnding { return }
        isEnding = true
        if let message { control?.send(message) }
        guard let spawned else { return finish(code: 0) }
        spawned.close(.stopped, "the actor is stopping", asking: asking) { [self] in
            loop.perform { [self] in finishWhenSent() }
        }
    }

    // What was accepted leaves first. A receiver that is being restarted, or reads nothing, is not waited
    // for long: its messages are lost with this process.
    private func finishWhenSent() {
        loop.schedule(
            .closure { [self] in finish(code: 0) }, at: Monotonic.now.advanced(by: .seconds(1)))
        system?.host.whenFlushed { [self] in
            loop.perform { [self] in finish(code: 0) }
        }
    }

    private func finish(code: Int32) {
        if isFinished { return }
        isFinished = true
        system?.host.writeEverything()
        system?.host.closeAll()
        system?.host.tellGatheredDeadLetters()
        control?.close()
        terminate(code)
    }

    /// Lets go of the system after the loop's end, for a worker whose memory does not go with its process.
    func loopEnded() {
        for feed in feeds.values { feed.finish() }
        system?.host.detach()
        system = nil
    }

    // MARK: Asking the node

    func perform(_ work: @escaping @Sendable (Worker) -> Void) {
        loop.perform { [self] in work(self) }
    }

    private func newRequest() -> UInt32 {
        nextRequest &+= 1
        return nextRequest
    }

    func resolve(_ key: ActorKey, lost: UInt64?, _ answer: @escaping @Sendable (Resolution) -> Void) {
        let request = newRequest()
        resolutions[request] = answer
        control?.send(.resolve(request: request, key: key, lost: lost))
    }

    func exitReason(of process: UInt64, _ answer: @escaping @Sendable (ExitReason) -> Void) {
        let request = newRequest()
        reasons[request] = answer
        control?.send(.reason(request: request, process: process))
    }

    func find(_ name: String, _ answer: @escaping @Sendable (FoundActor?) -> Void) {
        let request = newRequest()
        finds[request] = answer
        control?.send(.find(request: request, name: name))
    }

    func ask(_ question: NodeRequest, _ answer: @escaping @Sendable (NodeAnswer) -> Void) {
        let request = newRequest()
        answers[request] = answer
        control?.send(.ask(request: request, question.bytes))
    }

    func watch(_ key: ActorKey, _ notice: @escaping @Sendable (ExitReason) -> Void) -> UInt32 {
        let request = newRequest()
        watches[request] = notice
        control?.send(.watch(request: request, key: key))
        return request
    }

    func unwatch(_ request: UInt32) {
        if watches.removeValue(forKey: request) != nil { control?.send(.unwatch(request: request)) }
    }

    func follow(_ feed: LifecycleFeed) {
        control?.send(.follow(request: add(feed), name: feed.topic))
    }

    func follow(_ feed: GroupFeed) {
        // Strings only: there is nothing in it that could fail to be encoded.
        let topic = (try? WireCoding.bytes(of: feed.topic)) ?? []
        control?.send(.followGroup(request: add(feed), topic))
    }

    private func add(_ feed: any RemoteFeed) -> UInt32 {
        let request = newRequest()
        feed.request = request
        feeds[request] = feed
        return request
    }

    func unfollow(_ feed: any RemoteFeed) {
        guard let request = feed.request, feeds.removeValue(forKey: request) != nil else { return }
        control?.send(.unfollow(request: request))
    }

    func gone(_ actor: UInt32) {
        control?.send(.gone(actor: actor))
    }

    func violation(by process: UInt64, _ detail: String) {
        control?.send(.violation(process: process, detail))
    }

    var canReport: Bool { control?.hasWaiting != true }

    func report(_ letter: DeadLetterRecord) {
        control?.send(.deadLetter(letter))
    }

    func report(_ waits: WaitReport) {
        // Strings and numbers: there is nothing in it that could fail to be encoded.
        if let bytes = try? WireCoding.bytes(of: waits) { control?.send(.waits(bytes)) }
    }
}

/// An actor type whose name means nothing in a new process.
struct NotRebuildable: Error, CustomStringConvertible {
    let name: String
    var description: String { "the type \(name) cannot be found by its name in the new process" }
}
