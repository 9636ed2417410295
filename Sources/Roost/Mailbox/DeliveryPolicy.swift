/// How often a message to an actor is given to it.
///
/// ```swift
/// distributed actor Ledger: ProcessActor {
///     static var delivery: DeliveryPolicy { .atLeastOnce(attempts: 5) }
///
///     distributed func book(_ entry: Entry) throws {
///         if context.isRedelivered, entries.contains(entry.id) { return }   // it was booked before the crash
///         …
///     }
/// }
/// ```
/// The policy is of spawned actors: whoever made an actor in his own process dies with it. A call back to an
/// actor that waits for it is always at most once, because what it belongs to ended with the incarnation.
public enum DeliveryPolicy: Sendable, Hashable, Codable {
    /// What the dead incarnation had taken is not sent again: calls fail with `.interrupted`, one-way messages
    /// become dead letters.
    case atMostOnce
    /// What the dead incarnation had not finished is given to the next one, in the same order.
    ///
    /// Such a message is marked (``ActorContext/isRedelivered``), and may have been served before: wholly, partly
    /// or not at all. One that has been given to `attempts` incarnations, and was being served when the last of
    /// them died, is a dead letter, and its call fails with `.interrupted`. The sender keeps the messages, so
    /// they are lost with it. At least two attempts.
    case atLeastOnce(attempts: Int)

    /// As often as a message is given to an incarnation; 0 when it is not given to another.
    var attempts: Int {
        switch self {
        case .atMostOnce: 0
        case .atLeastOnce(let attempts): max(2, attempts)
        }
    }
}
