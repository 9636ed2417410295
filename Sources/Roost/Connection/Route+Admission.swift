internal import RoostPlatform
internal import Synchronization

extension Route {
    /// How the wait for credit ended.
    enum Admission: Sendable {
        case admitted
        case deadlineExceeded
        case cancelled
        /// There is no room, and the sender does not wait for it.
        case full
    }
}

/// Waiting for room in the mailbox.
extension Route {
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
        let (outcome, ask) = state.withLock { state -> (Admission?, Receiver?) in
            if state.gate.admits(size) {
                state.gate.take(size)
                return (.admitted, nil)
            }
            if !waits && state.gate.refuses(size) { return (.full, nil) }
            let asks = state.gate.wait(waiter, size: size, isImpatient: !waits)
            return (nil, asks ? state.receiver : nil)
        }
        if let outcome { return waiter.resume(outcome) }
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
    func changeGate(_ change: (inout CreditGate<Waiter>) -> CreditGate<Waiter>.Outcome) {
        let (outcome, receiver) = state.withLock { state in (change(&state.gate), state.receiver) }
        for waiter in outcome.admitted { waiter.resume(.admitted) }
        for waiter in outcome.refused { waiter.resume(.full) }
        if outcome.asks { receiver?.askForCredit(for: self) }
        if let confirmation = outcome.confirmed { receiver?.confirm(confirmation, for: self) }
    }
}

extension Route: CreditTaker {
    /// From an actor of this process, which is busy telling others.
    func changeLimit(_ limit: CreditShare, of receiver: UInt32, isLowered: Bool) {
        host.loop.perform { [self] in limited(to: limit, isLowered: isLowered) }
    }
}
