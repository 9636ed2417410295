internal import Distributed
internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// The way from this process to one actor, shared by all references to it here.
///
/// It finds the actor's present process through the node, keeps messages while there is none, takes
/// credit before sending, and settles what a dead incarnation leaves open. All messages to the actor
/// pass under one lock, so they start in the order sent.
final class Route: @unchecked Sendable {
    // @unchecked: everything mutable is in `state`.

    enum Place {
        case unresolved
        case resolving
        case connected(DataConnection, receiver: UInt32)
        case local(LocalActor)
        case terminated(ExitReason)
    }

    private struct State {
        var place: Place
        var queue: [OutgoingMessage] = []
        var gate: CreditGate<Waiter>
        /// One-way messages that have been written and not been acknowledged.
        var unacknowledged = 0
        /// Called once nothing waits for a connection.
        var settled: [@Sendable () -> Void] = []
        var twin: (any DistributedActor)?

        var receiver: Receiver? {
            switch place {
            case .connected(let connection, let receiver): .connected(connection, receiver)
            case .local(let actor): .local(actor)
            case .unresolved, .resolving, .terminated: nil
            }
        }
    }

    /// A sender without credit.
    @safe private final class Waiter: Sendable {
        private let continuation: UnsafeContinuation<Admission, Never>
        init(_ continuation: UnsafeContinuation<Admission, Never>) {
            unsafe self.continuation = continuation
        }
        func resume(_ admission: Admission) { unsafe continuation.resume(returning: admission) }
    }

    /// How the wait for credit ended.
    enum Admission: Sendable {
        case admitted
        case deadlineExceeded
        case cancelled
        /// There is no room, and the sender does not wait for it.
        case full
    }

    /// Whom to ask for credit: the mailbox over there, or here.
    private enum Receiver {
        case connected(DataConnection, UInt32)
        case local(LocalActor)

        func askForCredit(for route: Route) {
            switch self {
            case .connected(let connection, let receiver): connection.askForCredit(for: receiver)
            case .local(let actor): actor.senderWaits(route)
            }
        }

        func confirm(_ confirmation: CreditGate<Waiter>.Confirmation, for route: Route) {
            switch self {
            case .connected(let connection, let receiver):
                connection.confirmLimits(
                    of: receiver, count: confirmation.count, givesBack: confirmation.givesBack)
            case .local(let actor):
                actor.limitsConfirmed(
                    by: ObjectIdentifier(route), count: confirmation.count,
                    givesBack: confirmation.givesBack)
            }
        }
    }

    /// How long a sender that does not wait for room waits for the mailbox to say that there is none.
    ///
    /// An actor that computes says nothing.
    private static let impatience = Duration.milliseconds(10)

    let host: ActorHost
    let key: ActorKey
    let name: String
    private let state: Mutex<State>

    init(host: ActorHost, key: ActorKey, name: String, place: Place) {
        self.host = host
        self.key = key
        self.name = name
        var gate = CreditGate<Waiter>(first: host.limits.mailbox.firstGrant)
        switch place {
        case .local: _ = gate.connected()
        case .terminated: _ = gate.opened()
        case .unresolved, .resolving, .connected: break
        }
        state = Mutex(State(place: place, gate: gate))
    }

    deinit {
        if case .local(let actor)? = state.withLock({ $0.receiver }) {
            actor.senderLeft(ObjectIdentifier(self))
        }
        host.forget(ObjectIdentifier(self), to: key)
    }

    /// A reference to the same actor whose messages leave one-way; made once.
    func twin(_ make: () throws -> any DistributedActor) rethrows -> any DistributedActor {
        if let twin = state.withLock({ $0.twin }) { return twin }
        let made = try make()
        state.withLock { state in
            if case .terminated = state.place { return }
            state.twin = made
        }
        return made
    }

    // MARK: Sending

    /// Takes room and sends in one go, when there is room and a connection: the usual case.
    ///
    /// - Returns: false when nothing was done.
    func sendAtOnce(_ message: OutgoingMessage) -> Bool {
        let size = message.size
        return state.withLock { state in
            guard case .connected(let connection, let receiver) = state.place, state.gate.admits(size),
                connection.send(message, to: receiver)
            else { return false }
            state.gate.take(size)
            if message.call == nil { state.unacknowledged += 1 }
            return true
        }
    }

    /// Takes room in the mailbox if there is any and nobody waits for it.
    func takeCredit(_ size: Int) -> Bool {
        state.withLock { state in
            guard state.gate.admits(size) else { return false }
            state.gate.take(size)
            return true
        }
    }

    /// Takes room in the mailbox, waiting for it if there is none; the order of waiting is kept.
    ///
    /// Who does not want to wait is told when the mailbox is full; it may take ``impatience`` to find out.
    func acquireCredit(_ size: Int, until deadline: UInt64?, waits: Bool = true) async -> Admission {
        let ticket = WaitTicket()
        let timer = setTimer(for: ticket, until: deadline, waits: waits)
        defer { timer?.cancel() }
        return await withTaskCancellationHandler {
            unsafe await withUnsafeContinuation {
                unsafe enqueue(Waiter($0), size: size, waits: waits, ticket: ticket)
            }
        } onCancel: {
            giveUp(ticket, .cancelled)
        }
    }

    private func setTimer(for ticket: WaitTicket, until deadline: UInt64?, waits: Bool) -> HostTimer? {
        let patience = waits ? UInt64.max : Monotonic.now.advanced(by: Self.impatience).nanoseconds
        let end = min(deadline ?? .max, patience)
        if end == .max { return nil }
        let admission = end == deadline ? Admission.deadlineExceeded : .full
        return host.setTimer(at: end) { [self] in giveUp(ticket, admission) }
    }

    /// Connects a waiting sender with whatever may end its wait early.
    private final class WaitTicket: Sendable {
        struct State {
            var waiter: Waiter?
            var early: Admission?
        }
        let state = Mutex(State())
    }

    private func enqueue(_ waiter: Waiter, size: Int, waits: Bool, ticket: WaitTicket) {
        let early = ticket.state.withLock { state in
            state.waiter = waiter
            return state.early
        }
        if let early { return waiter.resume(early) }
        let (isAdmitted, ask) = state.withLock { state -> (Bool, Receiver?) in
            if state.gate.admits(size) {
                state.gate.take(size)
                return (true, nil)
            }
            let asks = state.gate.wait(waiter, size: size, isImpatient: !waits)
            return (false, asks ? state.receiver : nil)
        }
        if isAdmitted { waiter.resume(.admitted) }
        ask?.askForCredit(for: self)
        // It may have been given up between the two locks.
        if let early = ticket.state.withLock({ $0.early }) { remove(waiter, early) }
    }

    private func giveUp(_ ticket: WaitTicket, _ admission: Admission) {
        let waiter = ticket.state.withLock { state in
            if state.early == nil { state.early = admission }
            return state.waiter
        }
        if let waiter { remove(waiter, admission) }
    }

    // Whoever takes the waiter out of the queue resumes it, so nobody resumes it twice.
    private func remove(_ waiter: Waiter, _ admission: Admission) {
        var removed: [Waiter] = []
        changeGate { gate in
            let (found, outcome) = gate.remove { $0 === waiter }
            removed = found
            return outcome
        }
        for waiter in removed { waiter.resume(admission) }
    }

    /// Changes what is known about room in the mailbox, and does what follows.
    private func changeGate(_ change: (inout CreditGate<Waiter>) -> CreditGate<Waiter>.Outcome) {
        let (outcome, receiver) = state.withLock { state in (change(&state.gate), state.receiver) }
        for waiter in outcome.admitted { waiter.resume(.admitted) }
        for waiter in outcome.refused { waiter.resume(.full) }
        if outcome.asks { receiver?.askForCredit(for: self) }
        if let confirmation = outcome.confirmed { receiver?.confirm(confirmation, for: self) }
    }

    /// Sends a message for which credit has been taken.
    ///
    /// The outcome of a call, good or bad, goes to its
    /// ``PendingCall``; a one-way message that cannot be delivered becomes a dead letter.
    func send(_ message: OutgoingMessage) {
        let action = state.withLock { state -> (resolve: Bool, failure: ExitReason?, local: LocalActor?) in
            switch state.place {
            case .connected(let connection, let receiver):
                if connection.send(message, to: receiver) {
                    if message.call == nil { state.unacknowledged += 1 }
                    return (false, nil, nil)
                }
                // Its end is being settled on the loop, which then finds the next place.
                state.queue.append(message.kept())
                return (false, nil, nil)
            case .unresolved:
                state.place = .resolving
                state.queue.append(message.kept())
                return (true, nil, nil)
            case .resolving:
                state.queue.append(message.kept())
                return (false, nil, nil)
            case .local(let actor):
                host.deliverLocally(message, to: actor, from: self)
                return (false, nil, nil)
            case .terminated(let reason):
                return (false, reason, nil)
            }
        }
        if action.resolve { host.resolve(self) }
        if let reason = action.failure { fail([message], .terminated, reason) }
    }

    // MARK: What the loop tells it

    /// One-way messages have been finished over there.
    func credited(messages: Int, bytes: Int) {
        state.withLock { $0.unacknowledged = max(0, $0.unacknowledged - messages) }
        changeGate { $0.returned(messages: messages, bytes: bytes) }
    }

    /// A call has come to its end, whichever way.
    func callEnded(size: Int) {
        changeGate { $0.returned(messages: 1, bytes: size) }
    }

    /// The mailbox has changed how much of it may be used from here.
    func limited(to limit: CreditShare, isLowered: Bool) {
        changeGate { $0.limited(to: limit, isLowered: isLowered) }
    }

    /// The actor can be reached: what has waited goes out first, in order.
    func resolved(_ connection: DataConnection, receiver: UInt32) {
        connection.attach(self, receiver: receiver)
        let (isOpen, asks, settled) = state.withLock { state in
            state.place = .connected(connection, receiver: receiver)
            let isOpen = Self.sendQueue(&state, connection, receiver)
            defer { if isOpen { state.settled = [] } }
            // For those who came while there was nobody to ask.
            return (isOpen, state.gate.connected(), isOpen ? state.settled : [])
        }
        if asks { connection.askForCredit(for: receiver) }
        for action in settled { action() }
        if !isOpen { connectionEnded(from: connection.process, unsent: []) }
    }

    private static func sendQueue(
        _ state: inout State, _ connection: DataConnection, _ receiver: UInt32
    ) -> Bool {
        var sent = 0
        defer { state.queue.removeFirst(sent) }
        for message in state.queue {
            guard connection.send(message, to: receiver) else { return false }
            if message.call == nil { state.unacknowledged += 1 }
            sent += 1
        }
        return true
    }

    /// Calls `action` once nothing waits here for a connection: at once if nothing does.
    func whenSettled(_ action: @escaping @Sendable () -> Void) {
        let isSettled = state.withLock { state in
            guard case .resolving = state.place else { return true }
            state.settled.append(action)
            return false
        }
        if isSettled { action() }
    }

    /// The actor is between two incarnations, and its messages are not to wait.
    func restarting(_ reason: ExitReason) {
        let (failed, settled) = state.withLock { state in
            state.place = .unresolved
            defer {
                state.queue = []
                state.settled = []
            }
            return (state.queue, state.settled)
        }
        fail(failed, .notDelivered, reason, "it is being restarted, and messages to it do not wait")
        changeGate { $0.lost() }
        for action in settled { action() }
    }

    /// The actor is gone for good.
    func terminated(_ reason: ExitReason) {
        let (failed, waiters, settled) = state.withLock { state in
            state.place = .terminated(reason)
            let waiters = state.gate.opened()
            // It refers to this route: the two would keep each other.
            state.twin = nil
            defer {
                state.queue = []
                state.settled = []
            }
            return (state.queue, waiters, state.settled)
        }
        fail(failed, .terminated, reason)
        // What they send fails in the same way.
        for waiter in waiters { waiter.resume(.admitted) }
        for action in settled { action() }
    }

    /// The connection ended; `unsent` was never written whole and goes to the next incarnation.
    func connectionEnded(from process: UInt64, unsent: [OutgoingMessage]) {
        let (lost, kept) = state.withLock { state -> (Int, [Int]?) in
            switch state.place {
            case .connected: break
            // Made for what the last reference to the actor left unsent.
            case .unresolved where !unsent.isEmpty: break
            case .unresolved, .resolving, .local, .terminated: return (0, nil)
            }
            let lost = state.unacknowledged - unsent.count { $0.call == nil }
            state.unacknowledged = 0
            state.place = .resolving
            state.queue = unsent + state.queue
            return (lost, state.queue.filter { $0.takesRoom(at: key) }.map(\.size))
        }
        guard let kept else { return }
        if lost > 0 {
            // Acknowledgements come in batches, so that the last of those served may be among these.
            host.deadLetter(
                to: name, target: "one-way messages",
                "up to \(lost) had been sent to the incarnation that died, and are not sent again")
        }
        changeGate { $0.lost(keeping: kept) }
        host.resolve(self, lost: process)
    }

    private func fail(
        _ messages: [OutgoingMessage], _ code: RemoteCallError.Code, _ reason: ExitReason, _ text: String = ""
    ) {
        for message in messages {
            if let call = message.call {
                call.finish(.failed(code, reason, text))
            } else {
                host.deadLetter(
                    to: name, target: host.targetNames.name(of: message.target), "the actor \(reason)")
            }
        }
    }
}

extension Route: CreditTaker {
    /// From an actor of this process, which is busy telling others.
    func changeLimit(_ limit: CreditShare, of receiver: UInt32, isLowered: Bool) {
        host.loop.perform { [self] in limited(to: limit, isLowered: isLowered) }
    }
}
