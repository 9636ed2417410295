/// A sender that a mailbox lost: it had opened the mailbox, and did not finish.
///
/// It ends nothing. What had come from it before is still taken out, the other senders go on, and the mailbox
/// counts it as one that has finished.
public struct SenderLoss: Sendable, Hashable, CustomStringConvertible {
    /// Why a sender was lost.
    public enum Cause: Sendable, Hashable {
        /// Its process ended.
        case ended(ExitReason)
        /// It sent an element that cannot be decoded, for the reason given.
        case undecodable(String)
    }

    /// The actor that had opened the mailbox; nil when it was opened outside of any actor.
    public var sender: ActorID?
    /// The name of that actor, or a description of its process.
    public var senderName: String
    /// How many of its elements the stream has given out, or will.
    public var received: Int
    /// How many of its elements had come as well, and are dropped: those from one that cannot be decoded on.
    public var discarded: Int
    /// Why it was lost.
    public var cause: Cause

    /// Makes a report; the runtime does, and tests may.
    public init(sender: ActorID?, senderName: String, received: Int, discarded: Int = 0, cause: Cause) {
        self.sender = sender
        self.senderName = senderName
        self.received = received
        self.discarded = discarded
        self.cause = cause
    }

    /// Who and why, in one line.
    public var description: String {
        let reason =
            switch cause {
            case .ended(let reason): "it \(reason)"
            case .undecodable(let detail): "\(detail); \(discarded) elements are dropped"
            }
        return "\(senderName) was lost after \(received) elements: \(reason)"
    }
}

extension RemoteCallError.Code {
    /// The mailbox is sealed: it takes no new senders.
    public static let sealed = Self(description: "sealed")
}
