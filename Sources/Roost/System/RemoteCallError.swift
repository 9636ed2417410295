public import Distributed

/// A call, or a one-way message, that did not end with the method's own result.
///
/// Every call has exactly one outcome: a value, the error the method threw, or one of these. The code
/// says what is known about whether the method ran:
///
/// ```swift
/// do {
///     try await account.withdraw(100)
/// } catch let error as RemoteCallError where error.code == .notDelivered {
///     // It certainly did not run: trying again is safe.
/// } catch let error as RemoteCallError where error.code == .interrupted {
///     // The actor died after taking it; whether it ran is unknown.
/// }
/// ```
public struct RemoteCallError: DistributedActorSystemError, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it was.
    ///
    /// More may be added: compare with `==`, and keep a default.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// It certainly did not run.
        public static let notDelivered = Code(description: "notDelivered")
        /// The actor died after taking it: whether it ran is unknown.
        public static let interrupted = Code(description: "interrupted")
        /// The actor is gone for good.
        public static let terminated = Code(description: "terminated")
        /// The deadline passed.
        ///
        /// The method may have run, or may still be running.
        public static let deadlineExceeded = Code(description: "deadlineExceeded")
        /// It waited for itself: ``RemoteCallError/path`` says by way of whom.
        ///
        /// It had not begun, and never will.
        public static let deadlock = Code(description: "deadlock")
        /// The mailbox is full, and the actor's policy is not to wait.
        public static let mailboxFull = Code(description: "mailboxFull")
        /// The message is larger than the system allows; nothing was sent.
        public static let tooLarge = Code(description: "tooLarge")
        /// The actor has no such method in this build.
        public static let unknownTarget = Code(description: "unknownTarget")
        /// The arguments or the result could not be decoded.
        public static let undecodable = Code(description: "undecodable")
        /// An argument or the result could not be encoded.
        public static let unencodable = Code(description: "unencodable")
    }

    /// What kind of failure it was.
    public var code: Code
    /// The actor, by name.
    public var actor: String
    /// The method or property, as it is written in its type.
    public var target: String
    /// Why the actor ended, when the code says that it did and the reason is known.
    public var exitReason: ExitReason?
    /// What went wrong, in words.
    public var message: String
    /// The actors that waited for each other, by name, when the code is `.deadlock`; otherwise empty.
    ///
    /// Each waited for the next, and the last for the first, which is the one whose call failed.
    public var path: [String]

    /// Makes an error; the runtime does, and tests may.
    public init(
        _ code: Code, actor: String, target: String, exitReason: ExitReason? = nil, message: String = "",
        path: [String] = []
    ) {
        self.code = code
        self.actor = actor
        self.target = target
        self.exitReason = exitReason
        self.message = message
        self.path = path
    }

    /// Who, what and why, in one line.
    public var description: String {
        var text = "\(target) on \(actor): \(code)"
        if let exitReason { text += ", the actor \(exitReason)" }
        if !message.isEmpty { text += " (\(message))" }
        return text
    }
}
