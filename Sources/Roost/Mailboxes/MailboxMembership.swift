/// Who sends to a mailbox, and when its stream has ended.
///
/// A sender is *open* until it finishes or is lost. What it had sent stays in the mailbox after that, and
/// counts: while the elements of many senders that have left are still to be taken out, new ones wait, so that
/// opening, sending a little and finishing again and again cannot fill a mailbox beyond its room.
struct MailboxMembership<Sender: Hashable & Sendable>: Sendable {
    /// How many may be open at once.
    let maximumOpen: Int
    /// How many may have left elements behind before others wait.
    let maximumLeft: Int
    private(set) var open: Set<Sender> = []
    private var left: Set<Sender> = []
    private var waiting: [Sender] = []
    private(set) var isSealed = false
    private(set) var isClosed = false

    init(maximumOpen: Int = 16_384, maximumLeft: Int = 64) {
        self.maximumOpen = maximumOpen
        self.maximumLeft = maximumLeft
    }

    /// Whether no more elements can come: those that are here are the last.
    var hasEnded: Bool { isClosed || (isSealed && open.isEmpty) }

    enum OpeningAction: Equatable {
        case admit
        /// It is answered when the elements of others have been taken out.
        case wait
        case refuse(Refusal)
    }

    enum Refusal: Equatable {
        case closed
        case sealed
        case full
        /// The same sender again: no honest process does that.
        case repeated
    }

    mutating func opening(_ sender: Sender) -> OpeningAction {
        if isClosed { return .refuse(.closed) }
        if open.contains(sender) || left.contains(sender) || waiting.contains(sender) {
            return .refuse(.repeated)
        }
        if isSealed { return .refuse(.sealed) }
        if open.count + waiting.count >= maximumOpen { return .refuse(.full) }
        if left.count >= maximumLeft || !waiting.isEmpty {
            waiting.append(sender)
            return .wait
        }
        open.insert(sender)
        return .admit
    }

    enum LeavingAction: Equatable {
        /// It was open, and now it is not.
        case left
        /// It waited to be admitted, and does not any more.
        case withdrawn
        /// It was not there.
        case ignored
    }

    /// A sender has finished or was lost; `leavesElements` that are still to be taken out.
    mutating func leaving(_ sender: Sender, leavesElements: Bool) -> LeavingAction {
        if let index = waiting.firstIndex(of: sender) {
            waiting.remove(at: index)
            return .withdrawn
        }
        guard open.remove(sender) != nil else { return .ignored }
        if leavesElements { left.insert(sender) }
        return .left
    }

    /// The last element of a sender has been taken out; returns those who need not wait any more.
    mutating func drained(_ sender: Sender) -> [Sender] {
        guard left.remove(sender) != nil else { return [] }
        var admitted: [Sender] = []
        while left.count < maximumLeft, !waiting.isEmpty {
            let next = waiting.removeFirst()
            open.insert(next)
            admitted.append(next)
        }
        return admitted
    }

    /// No new senders; returns those who waited, and are refused.
    mutating func seal() -> [Sender] {
        isSealed = true
        defer { waiting = [] }
        return waiting
    }

    /// Nothing is taken any more; returns everybody who is to be told.
    mutating func close() -> [Sender] {
        isClosed = true
        defer {
            open = []
            left = []
            waiting = []
        }
        return Array(open) + waiting
    }
}
