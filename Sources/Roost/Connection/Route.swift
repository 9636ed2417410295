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
        var window: CreditWindow
        var waiters = RingBuffer<Waiter>()
        var hasAsked = false
        /// One-way messages that have been written and not been acknowledged.
        var unacknowledged = 0
        /// Called once nothing waits for a connection.
        var settled: [@Sendable () -> Void] = []
        var twin: (any DistributedActor)?
    }

    /// A sender without credit.
    @safe private final class Waiter: Sendable {
        let size: Int
        let continuation: UnsafeContinuation<Admission, Never>
        init(size: Int, continuation: UnsafeContinuation<Admission, Never>) {
            self.size = size
            unsafe self.continuation = continuation
        }
    }

    /// How the wait for credit ended.
    enum Admission: Sendable {
        case admitted
        case deadlineExceeded
        case cancelled
    }

    let host: ActorHost
    let key: ActorKey
    let name: String
    private let state: Mutex<State>

    init(host: ActorHost, key: ActorKey, name: String, place: Place) {
        self.host = host
        self.key = key
        self.name = name
        let window = CreditWindow(messages: host.limits.mailboxMessages, bytes: host.limits.mailboxBytes)
        state = Mutex(State(place: place, window: window))
    }

    deinit {
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
            guard case .connected(let connection, let receiver) = state.place, state.waiters.isEmpty,
                state.window.admits(size), connection.send(message, to: receiver)
            else { return false }
            state.window.take(size)
            if message.call == nil { state.unacknowledged += 1 }
            return true
        }
    }

    /// Takes room in the mailbox, waiting for it if there is none; the order of waiting is kept.
    func acquireCredit(_ size: Int, until deadline: UInt64?) async -> Admission {
        let admitted = state.withLock { state in
            guard state.waiters.isEmpty, state.window.admits(size) else { return false }
            state.window.take(size)
            return true
        }
        if admitted { return .admitted }
        let ticket = WaitTicket()
        let timer = deadline.map { deadline in
            host.setTimer(at: deadline) { [self] in giveUp(ticket, .deadlineExceeded) }
        }
        defer { timer?.cancel() }
        return await withTaskCancellationHandler {
            unsafe await withUnsafeContinuation { unsafe enqueue($0, size: size, ticket: ticket) }
        } onCancel: {
            giveUp(ticket, .cancelled)
        }
    }

    /// Connects a waiting sender with whatever may end its wait early.
    private final class WaitTicket: Sendable {
        struct State {
            var waiter: Waiter?
            var early: Admission?
        }
        let state = Mutex(State())
    }

    private func enqueue(
        _ continuation: UnsafeContinuation<Admission, Never>, size: Int, ticket: WaitTicket
    ) {
        let waiter = unsafe Waiter(size: size, continuation: continuation)
        let early = ticket.state.withLock { state in
            state.waiter = waiter
            return state.early
        }
        if let early { return unsafe continuation.resume(returning: early) }
        let (isAdmitted, ask) = state.withLock { state -> (Bool, (DataConnection, UInt32)?) in
            if state.waiters.isEmpty && state.window.admits(size) {
                state.window.take(size)
                return (true, nil)
            }
            state.waiters.append(waiter)
            return (false, Self.claimRequest(&state))
        }
        if isAdmitted { unsafe continuation.resume(returning: .admitted) }
        ask?.0.askForCredit(for: ask?.1 ?? 0)
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
        let (removed, ready) = state.withLock { state in
            let removed = !state.waiters.removeAll(where: { $0 === waiter }).isEmpty
            return (removed, removed ? Self.admitWaiters(&state) : [])
        }
        if removed { unsafe waiter.continuation.resume(returning: admission) }
        admit(ready)
    }

    private func admit(_ waiters: [Waiter]) {
        for waiter in waiters { unsafe waiter.continuation.resume(returning: .admitted) }
    }

    private static func claimRequest(_ state: inout State) -> (DataConnection, UInt32)? {
        guard !state.hasAsked, case .connected(let connection, let receiver) = state.place else { return nil }
        state.hasAsked = true
        return (connection, receiver)
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
        if let reason = action.failure {
            fail([message], .terminated, reason)
            // A call gives its room back with its end.
            if message.call == nil { callEnded(size: message.size) }
        }
    }

    // MARK: What the loop tells it

    /// One-way messages have been finished over there.
    func credited(messages: Int, bytes: Int) {
        release { state in
            state.window.giveBack(messages: messages, bytes: bytes)
            state.unacknowledged = max(0, state.unacknowledged - messages)
        }
    }

    /// A call has come to its end, whichever way.
    func callEnded(size: Int) {
        release { $0.window.giveBack(messages: 1, bytes: size) }
    }

    private func release(_ change: (inout State) -> Void) {
        let (ready, ask) = state.withLock { state -> ([Waiter], (DataConnection, UInt32)?) in
            change(&state)
            state.hasAsked = false
            let ready = Self.admitWaiters(&state)
            return (ready, state.waiters.isEmpty ? nil : Self.claimRequest(&state))
        }
        admit(ready)
        ask?.0.askForCredit(for: ask?.1 ?? 0)
    }

    private static func admitWaiters(_ state: inout State) -> [Waiter] {
        var ready: [Waiter] = []
        while let first = state.waiters.first, state.window.admits(first.size) {
            state.window.take(first.size)
            if let waiter = state.waiters.popFirst() { ready.append(waiter) }
        }
        return ready
    }

    /// The actor can be reached: what has waited goes out first, in order.
    func resolved(_ connection: DataConnection, receiver: UInt32) {
        connection.attach(self, receiver: receiver)
        let (isOpen, ask, settled) = state.withLock { state in
            state.place = .connected(connection, receiver: receiver)
            let isOpen = Self.sendQueue(&state, connection, receiver)
            // Those who came while there was nobody to ask.
            let ask = state.waiters.isEmpty ? nil : Self.claimRequest(&state)
            defer { if isOpen { state.settled = [] } }
            return (isOpen, ask, isOpen ? state.settled : [])
        }
        ask?.0.askForCredit(for: ask?.1 ?? 0)
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
        let (failed, waiters, settled) = state.withLock { state in
            state.place = .unresolved
            defer {
                state.queue = []
                state.settled = []
            }
            state.window.reset()
            return (state.queue, Self.admitWaiters(&state), state.settled)
        }
        fail(failed, .notDelivered, reason, "it is being restarted, and messages to it do not wait")
        admit(waiters)
        for action in settled { action() }
    }

    /// The actor is gone for good.
    func terminated(_ reason: ExitReason) {
        let (failed, waiters, settled) = state.withLock { state in
            state.place = .terminated(reason)
            // It refers to this route: the two would keep each other.
            state.twin = nil
            defer {
                state.queue = []
                state.settled = []
            }
            state.window.reset()
            return (state.queue, Self.admitWaiters(&state), state.settled)
        }
        fail(failed, .terminated, reason)
        admit(waiters)
        for action in settled { action() }
    }

    /// The connection ended; `unsent` was never written whole and goes to the next incarnation.
    func connectionEnded(from process: UInt64, unsent: [OutgoingMessage]) {
        let (resolve, waiters, lost) = state.withLock { state -> (Bool, [Waiter], Int) in
            switch state.place {
            case .connected: break
            // Made for what the last reference to the actor left unsent.
            case .unresolved where !unsent.isEmpty: break
            case .unresolved, .resolving, .local, .terminated: return (false, [], 0)
            }
            let lost = state.unacknowledged - unsent.count { $0.call == nil }
            state.unacknowledged = 0
            state.place = .resolving
            state.queue = unsent + state.queue
            state.window.reset()
            state.hasAsked = false
            for message in state.queue where message.takesRoom(at: key) { state.window.take(message.size) }
            return (true, Self.admitWaiters(&state), lost)
        }
        if lost > 0 {
            // Acknowledgements come in batches, so that the last of those served may be among these.
            host.lost(lost, to: name)
        }
        admit(waiters)
        if resolve { host.resolve(self, lost: process) }
    }

    private func fail(
        _ messages: [OutgoingMessage], _ code: RemoteCallError.Code, _ reason: ExitReason, _ text: String = ""
    ) {
        for message in messages {
            if let call = message.call {
                call.finish(.failed(code, reason, text))
            } else {
                host.deadLetter(
                    message, to: name, code == .terminated ? .terminated : .restarting, "the actor \(reason)")
            }
        }
    }
}
