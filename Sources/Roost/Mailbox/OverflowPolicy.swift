/// What becomes of a message to an actor whose mailbox is full.
///
/// ```swift
/// distributed actor Thermometer: ProcessActor {
///     static var overflow: OverflowPolicy { .dropNewest }   // the next reading is as good
/// }
/// ```
/// A mailbox has room for ``SystemOptions/mailboxMessages`` messages and ``SystemOptions/mailboxBytes`` bytes,
/// which its senders share. It is full for a sender that has used up its share. With the policies that do not
/// wait for room, a sender may still wait up to 10 ms for the mailbox to say that there is none.
public enum OverflowPolicy: Sendable, Hashable {
    /// The sender waits for room; the order in which they began to wait is kept.
    case suspend
    /// The sender gets ``RemoteCallError`` with `.mailboxFull`.
    case fail
    /// A one-way message is dropped, and becomes a dead letter; a call fails as with ``fail``.
    case dropNewest
}
