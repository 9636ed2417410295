internal import RoostPlatform

/// The senders' side of credit in one process: who may send to a mailbox now, and who waits, in order.
struct CreditGate<Waiter: Sendable> {
    private struct Entry {
        let size: Int
        /// Not to wait once the mailbox has answered.
        let isImpatient: Bool
        let waiter: Waiter
    }

    /// What a change leads to.
    struct Outcome: Sendable {
        /// They may send, and their room is taken.
        var admitted: [Waiter] = []
        /// They would have to wait, and do not want to.
        var refused: [Waiter] = []
        /// The receiver is to be told that somebody waits.
        var asks = false
        /// The receiver is to be told that so many lowered limits are kept to.
        var confirmed: Confirmation?
    }

    /// What the receiver is told about lowered limits.
    struct Confirmation: Equatable, Sendable {
        var count: Int
        /// Nothing is under way and nobody waits: only the first grant is kept.
        var givesBack: Bool
    }

    private(set) var window: CreditWindow
    private let first: CreditShare
    private var waiters = RingBuffer<Entry>()
    private var canAsk = false
    private var hasAsked = false
    /// The mailbox has answered that there is no more for now.
    private var isFull = false
    private var unconfirmed = 0

    init(first: CreditShare) {
        self.first = first
        window = CreditWindow(first)
    }

    /// Whether there is room, and nobody waits for it.
    func admits(_ size: Int) -> Bool { waiters.isEmpty && window.admits(size) }

    mutating func take(_ size: Int) { window.take(size) }

    /// Whether the mailbox has said that there is no room, and nothing has changed since.
    func refuses(_ size: Int) -> Bool { isFull && !admits(size) }

    /// Puts a sender behind those that wait; true when the receiver is to be told.
    mutating func wait(_ waiter: Waiter, size: Int, isImpatient: Bool) -> Bool {
        waiters.append(Entry(size: size, isImpatient: isImpatient, waiter: waiter))
        return claimQuestion()
    }

    /// Messages have been finished.
    mutating func returned(messages: Int, bytes: Int) -> Outcome {
        window.giveBack(messages: messages, bytes: bytes)
        hasAsked = false
        isFull = false
        return settle()
    }

    /// The mailbox has said how much of it may be used; `isLowered` limits are confirmed when they are kept to.
    mutating func limited(to limit: CreditShare, isLowered: Bool) -> Outcome {
        window.limit = limit
        if isLowered { unconfirmed += 1 }
        var outcome = settle()
        // The answer, if it was asked: whoever waits from here on asks again.
        isFull = hasAsked && !window.admits(0)
        outcome.refused = waiters.removeAll(where: \.isImpatient).map(\.waiter)
        if waiters.isEmpty { hasAsked = false }
        return outcome
    }

    /// Takes out those who have given up; the rest moves up.
    mutating func remove(where condition: (Waiter) -> Bool) -> (removed: [Waiter], Outcome) {
        let removed = waiters.removeAll { condition($0.waiter) }
        return (removed.map(\.waiter), removed.isEmpty ? Outcome() : settle())
    }

    /// There is a receiver that can be asked; true when it is to be told that somebody waits.
    mutating func connected() -> Bool {
        canAsk = true
        return claimQuestion()
    }

    /// The receiver is gone, and with it all that was under way; `kept` are the sizes of what was not.
    mutating func lost(keeping kept: [Int] = []) -> Outcome {
        window = CreditWindow(first)
        canAsk = false
        hasAsked = false
        isFull = false
        unconfirmed = 0
        for size in kept { window.take(size) }
        return settle()
    }

    /// There will be no receiver any more: nobody waits for one.
    mutating func opened() -> [Waiter] {
        window = CreditWindow(CreditShare(messages: .max, bytes: .max))
        return waiters.removeAll { _ in true }.map(\.waiter)
    }

    private mutating func settle() -> Outcome {
        var outcome = Outcome()
        while let entry = waiters.first, window.admits(entry.size) {
            window.take(entry.size)
            _ = waiters.popFirst()
            outcome.admitted.append(entry.waiter)
        }
        outcome.asks = claimQuestion()
        guard unconfirmed > 0, window.isWithinLimit else { return outcome }
        let givesBack = window.messages == 0 && waiters.isEmpty
        if givesBack { window.limit = first }
        outcome.confirmed = Confirmation(count: unconfirmed, givesBack: givesBack)
        unconfirmed = 0
        return outcome
    }

    private mutating func claimQuestion() -> Bool {
        guard canAsk, !hasAsked, !waiters.isEmpty else { return false }
        hasAsked = true
        return true
    }
}
