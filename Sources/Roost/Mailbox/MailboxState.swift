internal import RoostPlatform

/// Which message an actor serves next: the heart of "one message at a time", without tasks or sockets.
///
/// Messages are served in the order of arrival, at level 1. A call made on behalf of a message that the
/// actor is itself waiting in cannot wait for that message to end: it is served at once, on top of it,
/// one level higher. How often the actor stands on the call's path is the level of the message that
/// waits for it. Several calls on behalf of the same message queue among themselves.
///
/// A message may end before the calls made on its behalf, because it gave up waiting for them. Those
/// under way are finished before another message is begun, and those that queue wait like any other.
///
/// In a *reentrant* actor there are no levels: the next message is begun when the present one has been, which
/// is when it suspends or ends, and the server then calls ``next()``. So calls back need not jump the queue.
struct MailboxState<Message> {
    let reentrancy: Reentrancy
    /// The levels under way, lowest first: 1 is the message from the queue.
    private(set) var running: [Int] = []
    private(set) var isClosed = false
    private var waiting = RingBuffer<Message>()
    private var nested: [(level: Int, message: Message)] = []
    /// In a reentrant actor: how many messages have been begun and not ended.
    private(set) var underWay = 0
    private var isBeginning = false

    /// What an arrival leads to.
    enum ArrivedAction {
        /// Nobody serves: wake the server, which calls ``next()``.
        case wakeServer
        /// It waits its turn.
        case queued
        /// Serve this one at once, on top of the message under way, then call ``nestedEnded(level:)``.
        case serveNested(Message, level: Int)
        /// The actor takes no messages any more.
        case refused(Message)
    }

    init(_ reentrancy: Reentrancy = .serial) {
        self.reentrancy = reentrancy
    }

    /// How many messages wait.
    var count: Int { waiting.count + nested.count }

    /// Whether ``next()`` has something to do: a message, or the end.
    var isReady: Bool {
        if reentrancy == .serial { return running.isEmpty && (isClosed || !waiting.isEmpty) }
        if isBeginning { return false }
        return underWay == 0 ? isClosed || !waiting.isEmpty : !waiting.isEmpty
    }

    /// Whether a message is being served.
    var isServing: Bool { underWay > 0 || !running.isEmpty }

    /// A message has come; `level` is how often this actor stands on its path.
    mutating func arrived(_ message: Message, level: Int) -> ArrivedAction {
        if reentrancy == .reentrant { return arrivedToShare(message, isCallBack: level > 0) }
        guard level > 0, running.contains(level) else {
            if isClosed { return .refused(message) }
            waiting.append(message)
            return running.isEmpty ? .wakeServer : .queued
        }
        guard level == running.last else {
            nested.append((level, message))
            return .queued
        }
        running.append(level + 1)
        return .serveNested(message, level: level + 1)
    }

    private mutating func arrivedToShare(_ message: Message, isCallBack: Bool) -> ArrivedAction {
        // What is under way may wait for a call back, also when nothing else is taken any more.
        if isClosed && !(isCallBack && underWay > 0) { return .refused(message) }
        waiting.append(message)
        return isBeginning ? .queued : .wakeServer
    }

    /// The server is done with its message, or has begun it in a reentrant actor: the next one, or nil to wait.
    mutating func next() -> Message? {
        if reentrancy == .reentrant { return nextToShare() }
        end(level: 1)
        guard running.isEmpty, !isClosed, let message = waiting.popFirst() else { return nil }
        running.append(1)
        return message
    }

    private mutating func nextToShare() -> Message? {
        isBeginning = false
        guard !isClosed || underWay > 0, let message = waiting.popFirst() else { return nil }
        isBeginning = true
        underWay += 1
        return message
    }

    /// A message of a reentrant actor is done with; says whether to wake the server, to see to the end.
    mutating func ended() -> Bool {
        underWay -= 1
        return isClosed && isReady
    }

    /// What the end of a nested message leads to.
    enum NestedEndedAction {
        /// Serve this one next, on behalf of the same message or of one below it.
        case serve(Message, level: Int)
        /// It was the last under way, and the server waits for that.
        case wakeServer
        case nothing
    }

    /// A nested message is done with.
    mutating func nestedEnded(level: Int) -> NestedEndedAction {
        end(level: level)
        if let top = running.last, let index = nested.firstIndex(where: { $0.level == top }) {
            running.append(top + 1)
            return .serve(nested.remove(at: index).message, level: top + 1)
        }
        return isReady ? .wakeServer : .nothing
    }

    private mutating func end(level: Int) {
        running.removeAll { $0 == level }
        // The message they were made for has ended without waiting for them.
        let orphans = nested.filter { !running.contains($0.level) }
        guard !orphans.isEmpty else { return }
        nested.removeAll { !running.contains($0.level) }
        for (_, message) in orphans.reversed() { waiting.prepend(message) }
    }

    /// Calls `body` with each message that waits, and the level it is queued for.
    func forEachWaiting(_ body: (Message, _ level: Int) -> Void) {
        for (level, message) in nested { body(message, level) }
        waiting.forEach { body($0, 0) }
    }

    /// Takes out waiting messages, for instance a call that was cancelled.
    mutating func remove(where condition: (Message) -> Bool) -> [Message] {
        let removed = nested.filter { condition($0.message) }.map(\.message)
        nested.removeAll { condition($0.message) }
        return waiting.removeAll(where: condition) + removed
    }

    /// No more messages are served, but for calls on behalf of those under way; returns those that waited.
    ///
    /// Once nothing is under way any more, ``takeLeft()`` has what came to be left after this.
    mutating func close() -> [Message] {
        isClosed = true
        return takeLeft()
    }

    /// Takes out the messages that wait and will not be served.
    mutating func takeLeft() -> [Message] {
        var left: [Message] = []
        while let message = waiting.popFirst() { left.append(message) }
        return left
    }
}
