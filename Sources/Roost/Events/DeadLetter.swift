/// A message that came to nothing and whose sender is not told otherwise, or several lost together.
///
/// All are counted by their reason, in ``ProcessActorSystem/deadLetters()``, and told as events,
/// ``SystemEvent/Kind/deadLetter(_:)``. A process that loses more than 64 within 100 ms tells the rest together at
/// their end, one letter with a ``count`` for each sender, receiver, method and reason: a flood of lost messages
/// does not become a flood of events.
public struct DeadLetter: Sendable, Hashable, CustomStringConvertible {
    /// Why a message came to nothing.
    ///
    /// More may be added: compare with `==`, and keep a default.
    public struct Reason: Hashable, Sendable, Codable, CustomStringConvertible {
        /// The name of the reason.
        public let description: String

        /// The actor is gone for good.
        public static let terminated = Reason(description: "terminated")
        /// It waited in the mailbox, or arrived, when its actor stopped.
        public static let stopped = Reason(description: "stopped")
        /// It had been sent to the incarnation that died, and may have been served or not.
        ///
        /// These come with a ``DeadLetter/count``, which is an upper bound: acknowledgements come in batches.
        public static let lost = Reason(description: "lost")
        /// The method of a one-way message threw.
        public static let threw = Reason(description: "threw")
        /// The arguments of a one-way message cannot be decoded.
        public static let undecodable = Reason(description: "undecodable")
        /// The actor has no such method in this build, or it cannot be called with these types.
        public static let unknownTarget = Reason(description: "unknownTarget")
        /// The deadline of a call had passed before it was served.
        public static let expired = Reason(description: "expired")
        /// The caller was cancelled before its call was served.
        public static let cancelled = Reason(description: "cancelled")
        /// An answer to a call that its caller had given up: it came too late, and disturbs nothing.
        public static let lateReply = Reason(description: "lateReply")
        /// A process sent bytes that no process of Roost sends, and was killed for that.
        public static let protocolViolation = Reason(description: "protocolViolation")
        /// The actor is between two incarnations, and messages to it do not wait.
        public static let restarting = Reason(description: "restarting")
        /// The mailbox was full, and the actor's policy is ``OverflowPolicy/dropNewest``.
        public static let mailboxFull = Reason(description: "mailboxFull")
        /// Its actor died too often while it was served.
        public static let poison = Reason(description: "poison")
        /// One of those that a system does not tell apart: it counts sixty-four kinds.
        public static let other = Reason(description: "other")
    }

    /// The name of who sent it, as far as is known: an actor, the actor of its process, or "the node".
    public var sender: String
    /// The name of the actor it was for; empty when they were several.
    public var receiver: String
    /// The method it was to call; empty when that is not known, or they were several.
    public var target: String
    /// Why it came to nothing.
    public var reason: Reason
    /// What happened, in words.
    public var detail: String
    /// How many messages it stands for; an upper bound with the reason ``Reason/lost``.
    public var count: Int

    /// Makes a dead letter; the runtime does, and tests may.
    public init(
        sender: String, receiver: String, target: String, reason: Reason, detail: String, count: Int = 1
    ) {
        self.sender = sender
        self.receiver = receiver
        self.target = target
        self.reason = reason
        self.detail = detail
        self.count = count
    }

    /// One line for a log.
    public var description: String {
        let what =
            switch (target.isEmpty, count) {
            case (true, 1): "a message"
            case (true, _): "\(reason == .lost ? "up to " : "")\(count) messages"
            case (false, 1): target
            case (false, _): "\(count) × \(target)"
            }
        return "\(what) from \(sender) to \(receiver): \(reason) (\(detail))"
    }
}

/// How many messages came to nothing, and why, since a system was started.
public struct DeadLetterCounts: Sendable, Hashable, Codable, CustomStringConvertible {
    // Hostile processes could name ever new reasons.
    private static let maximumKinds = 64

    /// The number of messages for each reason there has been; upper bounds with ``DeadLetter/Reason/lost``.
    public private(set) var byReason: [DeadLetter.Reason: Int] = [:]

    /// Of all reasons together.
    public var total: Int { byReason.values.reduce(0) { $0.addingReportingOverflow($1).partialValue } }

    init() {}

    /// The number of messages that came to nothing for this reason.
    public subscript(reason: DeadLetter.Reason) -> Int { byReason[reason] ?? 0 }

    mutating func add(_ count: Int, _ reason: DeadLetter.Reason) {
        let isKnown = byReason[reason] != nil || byReason.count < Self.maximumKinds - 1
        let (sum, overflow) = self[isKnown ? reason : .other].addingReportingOverflow(max(0, count))
        byReason[isKnown ? reason : .other] = overflow ? .max : sum
    }

    /// The counts in one line, in the order of the reasons' names.
    public var description: String {
        byReason.sorted { $0.key.description < $1.key.description }
            .map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    }
}
