/// A sender's share of a mailbox: how much may be under way before it has to wait.
///
/// A message larger than the whole window is admitted alone, so that it can be sent at all.
struct CreditWindow: Equatable {
    let maximumMessages: Int
    let maximumBytes: Int
    private(set) var messages = 0
    private(set) var bytes = 0

    init(messages: Int, bytes: Int) {
        maximumMessages = messages
        maximumBytes = bytes
    }

    func admits(_ size: Int) -> Bool {
        messages == 0 || (messages < maximumMessages && bytes + size <= maximumBytes)
    }

    mutating func take(_ size: Int) {
        messages += 1
        bytes += size
    }

    mutating func giveBack(messages count: Int, bytes size: Int) {
        messages = max(0, messages - count)
        bytes = max(0, bytes - size)
    }

    /// Everything under way is lost with the receiver.
    mutating func reset() {
        messages = 0
        bytes = 0
    }
}

/// The receiver's side: gathers what is finished and says when to return it.
struct CreditReturn: Equatable {
    private(set) var messages = 0
    private(set) var bytes = 0
    private var isHungry = false
    let batchMessages: Int
    let batchBytes: Int

    /// - Parameters: the sender's window; a quarter of it is returned at a time.
    init(windowMessages: Int, windowBytes: Int) {
        batchMessages = max(1, windowMessages / 4)
        batchBytes = max(1, windowBytes / 4)
    }

    /// A message is done with.
    ///
    /// Returns what to give back now, if anything.
    mutating func finished(_ size: Int) -> (messages: Int, bytes: Int)? {
        messages += 1
        bytes += size
        guard messages >= batchMessages || bytes >= batchBytes || isHungry else { return nil }
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
