/// Tells a message from all others to its receiver, however often it is delivered.
///
/// Only messages to actors with ``DeliveryPolicy/atLeastOnce(attempts:)`` have one. Among those of one sender the
/// numbers rise in the order in which the messages were sent, so that the highest number served says
/// which of the redelivered ones have been served before.
public struct MessageSequence: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The process that sent it: an incarnation, so that no two senders have the same.
    public let sender: UInt64
    /// Its number among the messages of the sender.
    public let number: UInt64

    /// The message as a sender, a dot and a number.
    public var description: String { "\(sender).\(number)" }
}
