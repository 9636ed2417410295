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

    struct State {
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
    @safe final class Waiter: Sendable {
        private let continuation: UnsafeContinuation<Admission, Never>
        init(_ continuation: UnsafeContinuation<Admission, Never>) {
            unsafe self.continuation = continuation
        }
        func resume(_ admission: Admission) { unsafe continuation.resume(returning: admission) }
    }

    /// Whom to ask for credit: the mailbox over there, or here.
    enum Receiver {
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
    static let impatience = Duration.milliseconds(10)

    let host: ActorHost
    let key: ActorKey
    let name: String
    let state: Mutex<State>

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

    /// Sends a message for which credit has been taken.
    ///
    /// The outcome of a call, good or bad, goes to its
    /// ``PendingCall``; a one-way message that cannot be delivered becomes a dead letter.
    func send(_ message: OutgoingMessage) {
        let action = state.withLock { state -> (resolve: Bool, failure: ExitReason?) in
            switch state.place {
            case .connected(let connection, let receiver):
                if transmit(message, to: connection, receiver, &state) { return (false, nil) }
                // Its end is being settled on the loop, which then finds the next place.
                state.queue.append(message.kept())
                return (false, nil)
            case .unresolved:
                state.place = .resolving
                state.queue.append(message.kept())
                return (true, nil)
            case .resolving:
                state.queue.append(message.kept())
                return (false, nil)
            case .local(let actor):
                host.deliverLocally(message, to: actor, from: self)
                return (false, nil)
            case .terminated(let reason):
                return (false, reason)
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

    func changeRedelivery(_ change: (inout Redelivery<OutgoingMessage>) -> Void) {
        let keeper = state.withLock { state -> Route? in
            guard var redelivery = state.redelivery.take() else { return nil }
            change(&redelivery)
            state.redelivery = redelivery
            return redelivery.isEmpty ? state.keeper.take() : nil
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
}
