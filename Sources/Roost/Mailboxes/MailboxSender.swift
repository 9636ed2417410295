internal import RoostWire

/// A sender of a ``Mailbox``: made by ``MailboxAddress/open()``.
///
/// The elements of one sender arrive in the order they were sent. What two tasks send at the same time may be in
/// either order.
///
/// ```swift
/// let sender = try await address.open()
/// try await sender.send(line)        // accepted: it leaves with others
/// try await sender.put(total)        // the receiver's process has it, and everything before it
/// try await sender.finish()
/// ```
/// A sender that nobody refers to any more finishes by itself; what it had sent is delivered. One whose process
/// ends before that is told to the receiver as a ``SenderLoss``.
///
/// When the mailbox is dropped, or its process ends, `send` and `put` throw ``RemoteCallError`` with `.terminated`,
/// those that wait at once too. An element that cannot be decoded over there ends this sender with `.undecodable`.
public final class MailboxSender<Message: Codable & Sendable>: Sendable {
    @usableFromInline let end: SendingEnd

    init(_ end: SendingEnd) {
        self.end = end
    }

    deinit {
        end.leave()
    }

    /// Sends an element; returns when it is accepted.
    ///
    /// Accepted means that there was room in the mailbox, and that the element stands in this process's outgoing
    /// buffer. It suspends only when there is no room. An accepted element leaves as a one-way message does: when
    /// the handler suspends or ends, when 16 KiB have gathered, and soon when nothing was under way. A wait can be
    /// cancelled; then the element is not sent.
    ///
    /// - Throws: ``RemoteCallError``: `.terminated`, `.undecodable`, `.notDelivered` after ``finish()``, and about
    ///   the element itself `.tooLarge` and `.unencodable`; `CancellationError`.
    @inlinable
    public nonisolated(nonsending) func send(_ element: Message) async throws {
        if let waiter = try end.sendAtOnce(element) { try await end.send(waiting: waiter) }
    }

    /// Sends an element; returns when the receiver's process has it, and everything sent here before.
    ///
    /// It is in the mailbox then, and survives the death of this process. It may not have been taken out yet. When
    /// the task is cancelled while it waits for that, the element may be there or not.
    ///
    /// - Throws: as ``send(_:)``.
    public nonisolated(nonsending) func put(_ element: Message) async throws {
        try await send(element)
        try await end.receipt()
    }

    /// Returns when the receiver's process has everything sent here, which may be nothing.
    ///
    /// - Throws: as ``send(_:)``, but for what is about an element.
    public nonisolated(nonsending) func flush() async throws {
        try await end.receipt()
    }

    /// Ends the sending; returns when the receiver's process has everything.
    ///
    /// A second time it does nothing.
    ///
    /// - Throws: ``RemoteCallError`` with `.terminated` when the mailbox is no more; `CancellationError`.
    public nonisolated(nonsending) func finish() async throws {
        try await end.finish()
    }
}
