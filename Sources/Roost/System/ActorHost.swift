internal import Distributed
internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// What a process needs to send and serve messages, the same in the node and in a worker: its actors,
/// the routes to others, the connections, and the loop that serves them.
final class ActorHost: @unchecked Sendable {
    // @unchecked: `connections`, `closeObservers` and `pastTraffic` belong to the loop; `attachedSystem` is set before use.

    private struct Locals {
        var actors: [UInt32: LocalActor] = [:]
        var next: UInt32 = 1
        var spawned: LocalActor?
        /// The node wants to know when these are no more.
        var attended: Set<UInt32> = []
    }

    let loop: EventLoop
    let limits: Limits
    let systemNumber: UInt64
    let process: UInt64
    let link: any NodeLink
    let invoker: any Invoker
    let targetNames = TargetNames()
    let inboundTargets = InboundTargets()
    /// The calls that actors of this process wait for.
    let waits = Mutex(WaitTable<PendingCall>())
    let lastWait = Atomic<UInt64>(0)
    let mailboxes = MailboxHub()
    /// Whether the node wants to know that messages are being finished; set before the first.
    var isWatched = false
    private weak var attachedSystem: ProcessActorSystem?

    private let codingContext = Mutex<UserInfo>([:])
    private let routes = Mutex<[ActorKey: RouteReference]>([:])
    private let locals = Mutex(Locals())
    private let dirty = Mutex<[DataConnection]>([])
    private let lastSequence = Atomic<UInt64>(0)
    private let writers = Mutex<[ByteWriter]>([])
    let deadLetters = Mutex(DeadLetterThrottle())
    private(set) var connections: [UInt64: DataConnection] = [:]
    private var closeObservers: [UInt64: [() -> Void]] = [:]
    /// What connections that are closed had counted.
    private var pastTraffic = Traffic()

    init(
        loop: EventLoop, limits: Limits, systemNumber: UInt64, process: UInt64, link: any NodeLink
    ) {
        self.loop = loop
        self.limits = limits
        self.systemNumber = systemNumber
        self.process = process
        self.link = link
        invoker = Invokers.make()
    }

    /// Completes the circle: the system has a host, whose decoders need the system.
    func attach(_ system: ProcessActorSystem) {
        attachedSystem = system
        codingContext.withLock { $0 = [.actorSystemKey: system] }
        loop.addEndOfTurn { [unowned self] in flushConnections(isWaiting: false) }
    }

    var system: ProcessActorSystem {
        guard let attachedSystem else { preconditionFailure("the system has ended") }
        return attachedSystem
    }

    /// Breaks the circle again, once there is nothing more to do.
    func detach() {
        mailboxes.shutDown()
        codingContext.withLock { $0 = [:] }
        // Outside of the lock, which the end of the actor takes as well.
        let spawned = locals.withLock { $0.spawned.take() }
        withExtendedLifetime(spawned) {}
    }

    /// Given to encoders and decoders, so that references find the system.
    var userInfo: UserInfo { codingContext.withLock { $0 } }

    /// The number of another message that is delivered at least once.
    func nextSequence() -> UInt64 { lastSequence.add(1, ordering: .relaxed).newValue }

    // MARK: Buffers

    /// A writer for a message, to which blobs may be attached.
    func takeWriter() -> ByteWriter {
        if let writer = writers.withLock({ $0.popLast() }) { return writer }
        let writer = ByteWriter()
        writer.maximumAttachments = Sockets.maximumDescriptors
        return writer
    }

    /// Takes a writer back, unless its bytes are still to be sent.
    func giveBack(_ writer: ByteWriter) {
        if writer.isKept { return }
        writer.removeAll(shrinkingAbove: 64 * 1024)
        writers.withLock { if $0.count < 32 { $0.append(writer) } }
    }

    // MARK: Actors of this process

    func local(_ number: UInt32) -> LocalActor? {
        locals.withLock { number == 0 ? $0.spawned : $0.actors[number] }
    }

    private var allLocals: [LocalActor] {
        locals.withLock { Array($0.actors.values) + [$0.spawned].compactMap(\.self) }
    }

    /// A place for an actor that is being made here with its own initialiser.
    func reserveLocal(typeName: String, reentrancy: Reentrancy) -> LocalActor {
        locals.withLock { locals in
            let number = locals.next
            locals.next += 1
            let key = ActorKey(owner: process, number: UInt64(number))
            let actor = LocalActor(
                number: number, key: key, name: "\(typeName)\(key)", reentrancy: reentrancy, host: self)
            locals.actors[number] = actor
            return actor
        }
    }

    /// The place for the actor this process was spawned for.
    func reserveSpawned(_ key: ActorKey, name: String, reentrancy: Reentrancy) -> LocalActor {
        let actor = LocalActor(number: 0, key: key, name: name, reentrancy: reentrancy, host: self)
        locals.withLock { $0.spawned = actor }
        return actor
    }

    func removeLocal(_ key: ActorKey) {
        let (actor, attended) = locals.withLock { locals -> (LocalActor?, UInt32?) in
            // The one that the process is for stays, closed: it gives back what comes until the process ends,
            // and another incarnation may follow.
            if let spawned = locals.spawned, spawned.key == key { return (spawned, nil) }
            guard key.owner == process, let number = UInt32(exactly: key.number) else { return (nil, nil) }
            return (locals.actors.removeValue(forKey: number), locals.attended.remove(number))
        }
        actor?.close(.terminated, "the actor has ended")
        if let attended { loop.perform { [self] in link.gone(attended) } }
    }

    /// Tells the node when an actor made here is no more, which may be so already; on the loop.
    func attend(_ number: UInt32) {
        let isThere = locals.withLock { locals in
            guard locals.actors[number] != nil else { return false }
            locals.attended.insert(number)
            return true
        }
        if !isThere { link.gone(number) }
    }

    func localActor(for key: ActorKey) -> LocalActor? {
        locals.withLock { locals in
            if key.isSpawned { return locals.spawned?.key == key ? locals.spawned : nil }
            guard key.owner == process else { return nil }
            return UInt32(exactly: key.number).flatMap { locals.actors[$0] }
        }
    }

    // MARK: Routes

    func route(to key: ActorKey, name: String) -> Route {
        if let known = routes.withLock({ $0[key]?.route }) { return known }
        let place: Route.Place =
            if let local = localActor(for: key) {
                .local(local)
            } else if key.owner == process {
                .terminated(.normal)
            } else {
                .unresolved
            }
        let made = Route(host: self, key: key, name: name, place: place)
        return routes.withLock { routes in
            if let known = routes[key]?.route { return known }
            routes[key] = RouteReference(made)
            return made
        }
    }

    /// A route is no more.
    ///
    /// Another may have taken its place meanwhile, and must not be looked at here:
    /// letting go of the last reference to a route leads to this very lock.
    func forget(_ route: ObjectIdentifier, to key: ActorKey) {
        routes.withLock { if $0[key]?.identity == route { $0[key] = nil } }
    }

    func identity(of key: ActorKey) -> ActorID {
        let route = route(to: key, name: "actor \(key)")
        let address = ActorAddress(system: systemNumber, key: key, name: route.name)
        address.bind(route)
        return ActorID(address)
    }

    /// Finds out where the route leads now.
    func resolve(_ route: Route, lost: UInt64? = nil) {
        let isAccepted = loop.perform { [self] in
            link.resolve(route.key, lost: lost) { [self] resolution in
                switch resolution {
                case .terminated(let reason):
                    route.terminated(ExitReason(reason))
                case .restarting(let reason):
                    route.restarting(ExitReason(reason))
                case .process(let process, let attempts):
                    guard let connection = connections[process] else {
                        // It ended before the answer was read.
                        return resolve(route, lost: process)
                    }
                    // Beyond that there are no actors: whoever sent the reference made it up.
                    guard let receiver = route.key.isSpawned ? 0 : UInt32(exactly: route.key.number) else {
                        return route.terminated(.unknown)
                    }
                    route.resolved(connection, receiver: receiver, attempts: Int(attempts))
                }
            }
        }
        // The system has been stopped, and with it every actor.
        if !isAccepted { route.terminated(.shutdown) }
    }

    // MARK: Connections, on the loop

    func adopt(_ socket: consuming Descriptor, to process: UInt64) {
        let connection = DataConnection(process: process, socket: socket, host: self)
        do {
            try connection.open()
            connections[process] = connection
        } catch {
            // Out of descriptors or memory: the routes see no connection and ask again.
            link.violation(by: process, "\(error)")
        }
    }

    /// Calls `action` once everything `process` had sent has been taken in.
    func whenClosed(_ process: UInt64, _ action: @escaping () -> Void) {
        if connections[process] == nil { return action() }
        closeObservers[process, default: []].append(action)
    }

    /// Ends the connection to a process that is dead, if its end has not been seen.
    func closeConnection(to process: UInt64) {
        connections[process]?.close()
    }

    /// A process has sent its last, though its sockets may still be open.
    func processDied(_ process: UInt64) {
        connections[process]?.takeRestAndClose()
    }

    func closed(
        _ connection: DataConnection, routes: [(Route, [OutgoingMessage])], interrupted: [PendingCall]
    ) {
        let process = connection.process
        connections[process] = nil
        pastTraffic += connection.traffic
        for actor in allLocals { actor.senderLeft(ObjectIdentifier(connection)) }
        mailboxes.connectionEnded(to: process)
        for (route, unsent) in routes { route.connectionEnded(from: process, unsent: unsent) }
        for action in closeObservers.removeValue(forKey: process) ?? [] { action() }
        guard !interrupted.isEmpty else { return }
        // The end of the socket fixes the outcome; the reason is waited for, but not for long.
        exitReason(of: process, within: .milliseconds(5)) { reason in
            for call in interrupted { call.finish(.failed(.interrupted, reason, "")) }
        }
    }

    /// Calls `action`, on the loop, once everything sent so far has been handed to the operating system.
    func whenFlushed(_ action: @escaping @Sendable () -> Void) {
        loop.perform { [self] in
            let unsettled = routes.withLock { $0.values.compactMap(\.route) }
            let settled = Self.countdown(unsettled.count + 1) { [self] in whenWritten(action) }
            for route in unsettled { route.whenSettled(settled) }
            settled()
        }
    }

    private func whenWritten(_ action: @escaping @Sendable () -> Void) {
        flushConnections(isWaiting: true)
        let written = Self.countdown(connections.count + 1, then: action)
        for connection in connections.values { connection.whenWritten(written) }
        written()
    }

    /// What calls `action` when it has been called `count` times.
    private static func countdown(
        _ count: Int, then action: @escaping @Sendable () -> Void
    ) -> @Sendable () -> Void {
        let left = Mutex(count)
        return {
            let isLast = left.withLock { left in
                left -= 1
                return left == 0
            }
            if isLast { action() }
        }
    }

    /// Hands everything that was accepted to the operating system, waiting for slow receivers a little.
    func writeEverything() {
        flushConnections(isWaiting: true)
        let deadline = Monotonic.now.advanced(by: .seconds(1))
        for connection in connections.values { connection.writeEverything(until: deadline) }
    }

    /// What this process and the actor it was spawned for have counted.
    func figures() -> FiguresRecord {
        var traffic = pastTraffic
        for connection in connections.values { traffic += connection.traffic }
        var figures = local(0)?.figures ?? FiguresRecord()
        figures.sent = traffic.messagesSent
        figures.bytesSent = traffic.bytesSent
        figures.bytesReceived = traffic.bytesReceived
        return figures
    }

    func closeAll() {
        for connection in connections.values { connection.close() }
    }

    func markDirty(_ connection: DataConnection) {
        let isFirst = dirty.withLock { dirty in
            dirty.append(connection)
            return dirty.count == 1
        }
        // On the loop itself the end of the turn is near anyway.
        if isFirst && !loop.isCurrent { loop.perform {} }
    }

    /// Writes what has gathered on all connections; the loop does so every turn.
    func flushConnections(isWaiting: Bool) {
        mailboxes.flush(isWaiting: isWaiting)
        let waiting = dirty.withLock { dirty -> [DataConnection] in
            if dirty.isEmpty { return [] }
            defer { dirty.removeAll(keepingCapacity: true) }
            return dirty
        }
        for connection in waiting { connection.flush(isWaiting: isWaiting) }
    }

    // MARK: Time

    /// Calls `action` on the loop at a moment of the monotonic clock, unless it is cancelled before.
    func setTimer(at deadline: UInt64, _ action: @escaping @Sendable () -> Void) -> HostTimer {
        let timer = HostTimer(loop: loop)
        timer.set(at: Monotonic(nanoseconds: deadline), action)
        return timer
    }

    // MARK: Messages that arrived

    func deliver(_ message: InboundMessage) {
        guard let actor = local(message.receiver) else {
            return refuse(
                message, by: "actor \(message.receiver)", .terminated, "there is no such actor here")
        }
        actor.deliver(message)
    }

    /// A message from this very process: the same mailbox, without a socket.
    func deliverLocally(_ message: OutgoingMessage, to actor: LocalActor, from route: Route) {
        if let call = message.call, !call.moved(to: .local(actor)) { return }
        actor.deliver(
            InboundMessage(
                target: inboundTargets.target(named: targetNames.name(of: message.target)),
                sections: message.sections, arguments: Payload(copying: message.arguments),
                receiver: actor.number,
                origin: message.call.map { .localCall($0) } ?? .localTell(route)))
    }

    func refuse(_ message: InboundMessage, by actor: String, _ reason: Refusal.Reason, _ detail: String) {
        Responder(message: message, actor: actor, host: self).refused(reason, detail)
    }

    func isPast(_ deadline: UInt64) -> Bool { Monotonic(nanoseconds: deadline) <= .now }

    /// A message was finished, or gets on.
    func progressed() {
        if isWatched { link.progressed() }
    }

    func endRequested(by actor: LocalActor, _ end: ActorContext.End) {
        if actor.number == 0 {
            loop.perform { [self] in link.endRequested(end) }
        } else {
            removeLocal(actor.key)
        }
    }
}
