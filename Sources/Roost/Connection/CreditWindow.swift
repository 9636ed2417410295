/// How much of a mailbox somebody may use at once.
struct CreditShare: Hashable, Sendable {
    var messages: Int
    var bytes: Int

    static let none = CreditShare(messages: 0, bytes: 0)

    static func + (a: CreditShare, b: CreditShare) -> CreditShare {
        CreditShare(messages: a.messages + b.messages, bytes: a.bytes + b.bytes)
    }

    static func - (a: CreditShare, b: CreditShare) -> CreditShare {
        CreditShare(messages: a.messages - b.messages, bytes: a.bytes - b.bytes)
    }

    static func / (share: CreditShare, count: Int) -> CreditShare {
        CreditShare(messages: share.messages / count, bytes: share.bytes / count)
    }

    /// The lower of both, of messages and of bytes.
    static func lower(_ a: CreditShare, _ b: CreditShare) -> CreditShare {
        CreditShare(messages: min(a.messages, b.messages), bytes: min(a.bytes, b.bytes))
    }

    /// What every sender has of a mailbox this large without asking.
    var firstGrant: CreditShare {
        CreditShare(messages: max(1, messages / 32), bytes: max(1, bytes / 32))
    }
}

/// A sender's share of a mailbox: how much may be under way before it has to wait.
///
/// A message larger than the whole window is admitted alone, so that it can be sent at all.
struct CreditWindow: Equatable {
    /// Changes as the mailbox has more senders, or fewer.
    var limit: CreditShare
    private(set) var messages = 0
    private(set) var bytes = 0

    init(_ limit: CreditShare) {
        self.limit = limit
    }

    func admits(_ size: Int) -> Bool {
        messages == 0 || (messages < limit.messages && bytes + size <= limit.bytes)
    }

    /// Whether no more is under way than is allowed: not so for a while after the limit was lowered.
    var isWithinLimit: Bool {
        messages <= 1 || (messages <= limit.messages && bytes <= limit.bytes)
    }

    mutating func take(_ size: Int) {
        messages += 1
        bytes += size
    }

    mutating func giveBack(messages count: Int, bytes size: Int) {
        messages = max(0, messages - count)
        bytes = max(0, bytes - size)
    }
}

/// The receiver's side: gathers what is finished and says when to return it.
struct CreditReturn: Equatable {
    private(set) var messages = 0
    private(set) var bytes = 0
    private var isHungry = false
    private var batch: CreditShare

    /// - Parameter window: the sender's; a quarter of it is returned at a time.
    init(_ window: CreditShare) {
        batch = Self.batch(window)
    }

    /// The sender's window has changed.
    mutating func changeWindow(to window: CreditShare) {
        batch = Self.batch(window)
    }

    private static func batch(_ window: CreditShare) -> CreditShare {
        CreditShare(messages: max(1, window.messages / 4), bytes: max(1, window.bytes / 4))
    }

    /// A message, or several, are done with.
    ///
    /// Returns what to give back now, if anything.
    mutating func finished(_ size: Int, messages count: Int = 1) -> (messages: Int, bytes: Int)? {
        messages += count
        bytes += size
        guard messages >= batch.messages || bytes >= batch.bytes || isHungry else { return nil }
        return takeAll()
    }

    /// The sender waits: give back what there is, and from now on everything at once until it is content.
    mutating func senderWaits() -> (messages: Int, bytes: Int)? {
        if messages > 0 { return takeAll() }
        isHungry = true
        return nil
    }

    private mutating func takeAll() -> (messages: Int, bytes: Int) {
        defer {
            messages = 0
            bytes = 0
            isHungry = false
        }
        return (messages, bytes)
    }
}
