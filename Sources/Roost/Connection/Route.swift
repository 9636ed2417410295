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
        /// What is given to the next incarnation; nil where nothing is.
        var redelivery: Redelivery<OutgoingMessage>?
        /// Itself, as long as there is something of the kind: nobody else may refer to it any more.
        var keeper: Route?
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
                transmit(message, to: connection, receiver, &state)
            else { return false }
            state.gate.take(size)
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
    /// The wait ends as cancelled when `call` is abandoned.
    func acquireCredit(
        _ size: Int, until deadline: UInt64?, waits: Bool = true, for call: PendingCall
    ) async -> Admission {
        let ticket = WaitTicket()
        let mayWait = call.moved(to: .waitsForRoom { [self] in giveUp(ticket, .cancelled) })
        guard mayWait else { return .cancelled }
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
                if transmit(message, to: connection, receiver, &state) { return (false, nil, nil) }
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
        if let reason = action.failure { fail([message], .terminated, .terminated, reason) }
    }

    // False when the connection has ended, in which case nothing happened.
    private func transmit(
        _ message: OutgoingMessage, to connection: DataConnection, _ receiver: UInt32, _ state: inout State
    ) -> Bool {
        guard state.redelivery != nil, message.takesRoom(at: key) else {
            guard connection.send(message, to: receiver) else { return false }
            if message.call == nil { state.unacknowledged += 1 }
            return true
        }
        // Its caller has an outcome, and will find nothing to take back here.
        if let call = message.call, call.isFinished { return true }
        var message = message
        let sequence = message.sections.sequence ?? host.nextSequence()
        message.sections.sequence = sequence
        message.call?.sequence = sequence
        guard connection.send(message, to: receiver) else { return false }
        state.redelivery?.sent(sequence, message.kept())
        state.keeper = self
        return true
    }

    // MARK: What the loop tells it

    /// Messages with these numbers have been finished over there.
    func acknowledged(_ sequences: [UInt64], bytes: Int) {
        changeRedelivery { for sequence in sequences { $0.finished(sequence) } }
        changeGate { $0.returned(messages: sequences.count, bytes: bytes) }
    }

    /// Redelivered messages are being served.
    func began(_ sequences: [UInt64]) {
        changeRedelivery { for sequence in sequences { $0.began(sequence) } }
    }

    private func changeRedelivery(_ change: (inout Redelivery<OutgoingMessage>) -> Void) {
        let keeper = state.withLock { state -> Route? in
            guard state.redelivery != nil else { return nil }
            change(&state.redelivery!)
            return state.redelivery!.isEmpty ? state.keeper.take() : nil
        }
        withExtendedLifetime(keeper) {}
    }

    /// One-way messages have been finished over there.
    func credited(messages: Int, bytes: Int) {
        state.withLock { $0.unacknowledged = max(0, $0.unacknowledged - messages) }
        changeGate { $0.returned(messages: messages, bytes: bytes) }
    }

    /// A call has come to its end, whichever way; `size` is the room it gives back.
    func callEnded(_ call: PendingCall, size: Int?) {
        if let sequence = call.sequence { changeRedelivery { $0.finished(sequence) } }
        guard let size else { return }
        changeGate { $0.returned(messages: 1, bytes: size) }
    }

    /// The mailbox has changed how much of it may be used from here.
    func limited(to limit: CreditShare, isLowered: Bool) {
        changeGate { $0.limited(to: limit, isLowered: isLowered) }
    }

    /// The actor can be reached: what has waited goes out first, in order.
    ///
    /// Messages are given to `attempts` incarnations; 0 where what is lost with one is not given to another.
    func resolved(_ connection: DataConnection, receiver: UInt32, attempts: Int) {
        connection.attach(self, receiver: receiver)
        let (isOpen, asks, settled) = state.withLock { state in
            state.place = .connected(connection, receiver: receiver)
            if attempts > 0, state.redelivery == nil { state.redelivery = Redelivery(attempts: attempts) }
            let isOpen = sendQueue(&state, connection, receiver)
            defer { if isOpen { state.settled = [] } }
            // For those who came while there was nobody to ask.
            return (isOpen, state.gate.connected(), isOpen ? state.settled : [])
        }
        if asks { connection.askForCredit(for: receiver) }
        for action in settled { action() }
        if !isOpen { connectionEnded(from: connection.process, unsent: []) }
    }

    private func sendQueue(
        _ state: inout State, _ connection: DataConnection, _ receiver: UInt32
    ) -> Bool {
        var sent = 0
        defer { state.queue.removeFirst(sent) }
        for message in state.queue {
            guard transmit(message, to: connection, receiver, &state) else { return false }
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
        let (failed, settled, keeper) = state.withLock { state in
            state.place = .unresolved
            defer {
                state.queue = []
                state.settled = []
                state.redelivery?.removeAll()
            }
            return (state.queue, state.settled, state.keeper.take())
        }
        defer { withExtendedLifetime(keeper) {} }
        fail(
            failed, .notDelivered, .restarting, reason,
            "it is being restarted, and messages to it do not wait")
        changeGate { $0.lost() }
        for action in settled { action() }
    }

    /// The actor is gone for good.
    func terminated(_ reason: ExitReason) {
        let (failed, waiters, settled, keeper) = state.withLock { state in
            state.place = .terminated(reason)
            let waiters = state.gate.opened()
            // It refers to this route: the two would keep each other.
            state.twin = nil
            defer {
                state.queue = []
                state.settled = []
                state.redelivery?.removeAll()
            }
            return (state.queue, waiters, state.settled, state.keeper.take())
        }
        defer { withExtendedLifetime(keeper) {} }
        fail(failed, .terminated, .terminated, reason)
        // What they send fails in the same way.
        for waiter in waiters { waiter.resume(.admitted) }
        for action in settled { action() }
    }

    /// The connection ended; `unsent` was never written whole and goes to the next incarnation.
    func connectionEnded(from process: UInt64, unsent: [OutgoingMessage]) {
        let ending = state.withLock { state -> Ending? in
            switch state.place {
            case .connected: break
            // Made for what the last reference to the actor left unsent.
            case .unresolved where !unsent.isEmpty: break
            case .unresolved, .resolving, .local, .terminated: return nil
            }
            return end(&state, unsent: unsent)
        }
        guard let ending else { return }
        if ending.lost > 0 {
            // Acknowledgements come in batches, so that the last of those served may be among these.
            host.lost(ending.lost, to: name)
        }
        if !ending.poison.isEmpty {
            host.link.exitReason(of: process) { [self] reason in
                fail(
                    ending.poison, .interrupted, .poison, reason,
                    "the last of \(ending.attempts) incarnations died while serving it")
            }
        }
        changeGate { $0.lost(keeping: ending.kept) }
        host.resolve(self, lost: process)
        withExtendedLifetime(ending.keeper) {}
    }

    /// What the end of a connection leads to.
    private struct Ending {
        /// So many one-way messages may have been lost.
        var lost: Int
        var poison: [OutgoingMessage]
        var attempts: Int
        /// The sizes of what is given to the next incarnation.
        var kept: [Int]
        var keeper: Route?
    }

    private func end(_ state: inout State, unsent: [OutgoingMessage]) -> Ending {
        // Those that are kept here are in order here.
        let others = unsent.filter { $0.sections.sequence == nil }
        let lost = state.unacknowledged - others.count { $0.call == nil }
        let loss = state.redelivery?.lost(unwritten: Set(unsent.compactMap(\.sections.sequence)))
        let again = (loss?.again ?? []).map { message, isRedelivered in
            var message = message
            message.sections.isRedelivered = isRedelivered
            message.call?.moved(to: nil)
            return message
        }
        state.unacknowledged = 0
        state.place = .resolving
        state.queue = again + others + state.queue.filter { $0.sections.sequence == nil }
        return Ending(
            lost: lost, poison: loss?.poison ?? [], attempts: state.redelivery?.attempts ?? 0,
            kept: state.queue.filter { $0.takesRoom(at: key) }.map(\.size),
            keeper: state.redelivery?.isEmpty == false ? nil : state.keeper.take())
    }

    private func fail(
        _ messages: [OutgoingMessage], _ code: RemoteCallError.Code, _ reason: DeadLetter.Reason,
        _ exit: ExitReason,
        _ text: String = ""
    ) {
        for message in messages {
            if let call = message.call {
                // One that has been given to an incarnation may have been served.
                let code: RemoteCallError.Code = message.sections.isRedelivered ? .interrupted : code
                call.finish(.failed(code, exit, text))
            } else {
                host.deadLetter(
                    message, to: name, reason,
                    text.isEmpty ? "the actor \(exit)" : "the actor \(exit): \(text)")
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
