internal import RoostWire

/// A mailbox as a value: one receives, many send, from any process.
///
/// ```swift
/// let lines = try await system.makeMailbox(of: Line.self, capacity: 1_024)
/// try await reader.read(path, into: lines.address)
/// lines.seal()
/// for try await line in lines { print(line) }
/// ```
/// It is made wherever there is a system, in the node or in an actor's process, and stays there. Its ``address`` can
/// be sent anywhere; whoever opens it sends elements, one by one, each at the cost of a few copies: there is no call
/// and no task for an element.
///
/// The stream ends after ``seal()``, once every sender that had opened the mailbox has finished or was lost, and all
/// elements have been taken out. A sender that dies does not end it: that is told by ``senderLosses``, beside the
/// stream, and what it had sent before is still there.
///
/// A mailbox is bounded. While it is full its senders wait; what room there is, they share.
///
/// One task reads it at a time. When nobody refers to the mailbox any more its senders are told, and what is left in
/// it becomes a dead letter.
public final class Mailbox<Message: Codable & Sendable>: AsyncSequence, Sendable {
    /// What is taken out.
    public typealias Element = Message

    /// Where to send to.
    public let address: MailboxAddress<Message>
    @usableFromInline let end: ReceivingEnd

    init(_ end: ReceivingEnd, system: ProcessActorSystem) {
        self.end = end
        address = MailboxAddress(system: system, number: end.number)
    }

    deinit {
        end.close()
    }

    /// Lets no more senders in: from here on ``MailboxAddress/open()`` throws `.sealed`.
    ///
    /// Those that have opened the mailbox go on until they finish.
    public func seal() {
        end.seal()
    }

    /// The senders that were lost, each once.
    ///
    /// It ends with the stream. For a reader that is slow, or comes late, the newest 4,096 are kept; one task reads it.
    public var senderLosses: AsyncStream<SenderLoss> { end.losses }

    /// The next element; nil when the stream has ended.
    ///
    /// - Throws: `CancellationError`, and ``RemoteCallError`` with `.terminated` when the system has been stopped.
    @inlinable
    public nonisolated(nonsending) func next() async throws -> Message? {
        if let element = end.takeNow(Message.self) { return element }
        return try await end.takeLater(Message.self)
    }

    /// Begins to take elements out, where another iteration may have left off.
    public func makeAsyncIterator() -> Iterator {
        Iterator(mailbox: self)
    }

    /// Takes the elements out of a mailbox.
    public struct Iterator: AsyncIteratorProtocol {
        @usableFromInline let mailbox: Mailbox
        @usableFromInline let end: ReceivingEnd

        fileprivate init(mailbox: Mailbox) {
            self.mailbox = mailbox
            end = mailbox.end
        }

        /// The next element; nil when the stream has ended.
        @inlinable
        public mutating func next() async throws -> Message? {
            if let element = end.takeNow(Message.self) { return element }
            return try await end.takeLater(Message.self)
        }

        /// The next element; nil when the stream has ended.
        @inlinable
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> Message?
        {
            if let element = end.takeNow(Message.self) { return element }
            return try await end.takeLater(Message.self)
        }
    }
}

extension ProcessActorSystem {
    /// Makes a mailbox in this process, the node's or an actor's.
    ///
    /// - Parameters:
    ///   - type: what is sent.
    ///   - capacity: how many elements it holds, at least 1; all senders together, and beyond that 1/32 of it for each
    ///     but the first.
    ///   - bytes: how many bytes the encoded elements may take; ``SystemOptions/mailboxBytes`` if nil, 8 MiB. An
    ///     element larger than that is let in when nothing else of its sender is there.
    /// - Returns: the receiving end; who sends needs its ``Mailbox/address``.
    /// - Throws: ``SpawnError`` with `.systemStopped`.
    public func makeMailbox<Message: Codable & Sendable>(
        of type: Message.Type, capacity: Int = 1_024, bytes: Int? = nil
    ) async throws -> Mailbox<Message> {
        precondition(capacity > 0 && bytes ?? 1 > 0, "a mailbox has room for something")
        let room = CreditShare(messages: capacity, bytes: bytes ?? host.limits.mailboxBytes)
        let end = host.mailboxes.makeReceiving { number in
            let key = ActorKey(owner: host.process, number: UInt64(number))
            return ReceivingEnd(
                number: number, room: room, name: MailboxAddress<Message>.name(of: key), host: host)
        }
        guard let end else { throw Node.stoppedError }
        return Mailbox(end, system: self)
    }
}
