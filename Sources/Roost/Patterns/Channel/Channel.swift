internal import Distributed
internal import Synchronization

/// One end of a connection between two: it sends elements of one type, receives those of another, and notices when
/// the other end is gone.
///
/// ```swift
/// let (mine, theirs) = system.makeChannel(sending: Question.self, receiving: Answer.self)
/// try await clerk.tell { try await $0.serve(theirs) }
/// try await mine.send(.price(of: "tea"))
/// print(try await mine.receive())
/// ```
/// Both ends are values that can be sent in messages, through as many actors as one likes. The first use of an end
/// opens it, where it is; it is used in that process from then on. Sending and receiving wait until the other end
/// has been opened too.
///
/// Elements arrive whole and in order. Several tasks may send, each element is one; one task receives. A slow receiver
/// holds up the other's sender, as in every ``Mailbox``.
///
/// **The end of the other end.** When it finishes, or is dropped, the stream of its elements ends. When its process is
/// killed, ``receive()`` gives what had come before, and then throws ``RemoteCallError`` `.terminated` with its name
/// and how it ended; sending throws the same. That goes for an end too that was never opened, once it has arrived
/// somewhere; an end whose message got lost is waited for: who sent it was told.
public final class Channel<Sending: Codable & Sendable, Receiving: Codable & Sendable>: AsyncSequence,
    Codable, Sendable
{
    /// What is received.
    public typealias Element = Receiving

    private struct Connection: Sendable {
        let sender: MailboxSender<Sending>
        let mailbox: Mailbox<Receiving>
        let loss: Task<HolderLoss?, Never>
    }

    private struct State {
        var connection: Task<Connection, any Error>?
        var holding: Task<ChannelHold, any Error>?
        var wasSent = false
    }

    private let end: ChannelEnd<Receiving, Sending>
    private let system: ProcessActorSystem
    private let state = Mutex(State())

    init(_ end: ChannelEnd<Receiving, Sending>, system: ProcessActorSystem) {
        self.end = end
        self.system = system
        let holding = Task.detached { try await end.hold() }
        state.withLock { $0.holding = holding }
    }

    deinit {
        guard let holding = state.withLock({ $0.connection == nil && !$0.wasSent ? $0.holding : nil }) else {
            return
        }
        Task.detached { try await holding.value.drop() }
    }

    /// Returns when the other end can hear of this one's death.
    func arrive() async throws {
        _ = try await state.withLock { $0.holding }?.value
    }

    /// Sends an element; returns when it is accepted, as ``MailboxSender/send(_:)`` does.
    ///
    /// - Throws: ``RemoteCallError``: `.terminated` when the other end is gone, `.notDelivered` after ``finish()``,
    ///   and about the element itself `.tooLarge` and `.unencodable`; ``CoordinationError`` with `.taken` when this end
    ///   is in use in another process; `CancellationError`.
    public func send(_ element: Sending) async throws {
        let connection = try await connected()
        do {
            try await connection.sender.send(element)
        } catch let error as RemoteCallError where error.code == .terminated {
            if let loss = await connection.loss.value { throw Self.gone(loss, "send") }
            throw error
        }
    }

    /// The next element; nil when the other end has finished.
    ///
    /// - Throws: ``RemoteCallError`` with `.terminated` when the other end is gone; ``CoordinationError`` with
    ///   `.taken`; `CancellationError`.
    public func receive() async throws -> Receiving? {
        let connection = try await connected()
        if let element = try await connection.mailbox.next() { return element }
        if let loss = await connection.loss.value { throw Self.gone(loss, "receive") }
        return nil
    }

    /// Sends no more: the other end's stream ends after what was sent.
    ///
    /// Receiving goes on.
    ///
    /// - Throws: as ``send(_:)``.
    public func finish() async throws {
        try await connected().sender.finish()
    }

    /// Begins to receive.
    public func makeAsyncIterator() -> Iterator { Iterator(channel: self) }

    /// Receives from a channel.
    public struct Iterator: AsyncIteratorProtocol {
        let channel: Channel

        /// The next element; nil when the other end has finished.
        public mutating func next() async throws -> Receiving? { try await channel.receive() }
    }

    /// Sends the end in a message: it is given away by that.
    ///
    /// A message that could not be sent leaves it usable here.
    ///
    /// - Throws: `EncodingError` when it has been used here.
    public func encode(to encoder: any Encoder) throws {
        let (holding, isOpen) = state.withLock { state in
            defer { if state.connection == nil { state.wasSent = true } }
            return (state.holding, state.connection != nil)
        }
        if isOpen {
            throw EncodingError.invalidValue(
                self,
                .init(codingPath: encoder.codingPath, debugDescription: "the end is in use in this process"))
        }
        // From now on it is the receiver's.
        if let holding { Task.detached { try await holding.value.passOn() } }
        try end.encode(to: encoder)
    }

    /// Receives the end in a message.
    public convenience init(from decoder: any Decoder) throws {
        let end = try ChannelEnd<Receiving, Sending>(from: decoder)
        self.init(end, system: end.system)
    }

    private static func gone(_ loss: HolderLoss, _ target: String) -> RemoteCallError {
        RemoteCallError(
            .terminated, actor: loss.name, target: target, exitReason: loss.reason,
            message: "the other end of the channel is gone")
    }

    // MARK: Connecting

    private func connected() async throws -> Connection {
        let task = state.withLock { state in
            if let connection = state.connection { return connection }
            let (end, system) = (end, system)
            let connection = Task.detached { try await Self.connect(end, system) }
            state.connection = connection
            return connection
        }
        // Cancelled is who waits, not the connecting.
        let gate = Gate<Connection>()
        Task.detached { gate.open(await task.result) }
        do {
            return try await gate.value
        } catch let error as CoordinationError {
            if error.code == .broken, let loss = error.loss { throw Self.gone(loss, "open") }
            throw error
        }
    }

    private static func connect(
        _ end: ChannelEnd<Receiving, Sending>, _ system: ProcessActorSystem
    ) async throws -> Connection {
        let mailbox = try await system.makeMailbox(of: Receiving.self)
        let sender = try await end.connect(mailbox.address)
        mailbox.seal()
        let loss = Task.detached {
            for await loss in mailbox.senderLosses { return HolderLoss(loss) as HolderLoss? }
            return nil
        }
        return Connection(sender: sender, mailbox: mailbox, loss: loss)
    }
}

extension ProcessActorSystem {
    /// Makes a channel: two ends, each of which receives what the other sends.
    ///
    /// - Parameters:
    ///   - sending: what the first end sends.
    ///   - receiving: what the first end receives.
    /// - Returns: the two ends; either can be sent to any process.
    public func makeChannel<Sending, Receiving>(
        sending: Sending.Type, receiving: Receiving.Type
    ) -> (Channel<Sending, Receiving>, Channel<Receiving, Sending>) {
        let broker = ChannelBroker<Receiving, Sending>(actorSystem: self)
        return (Channel(.first(broker), system: self), Channel(.second(broker), system: self))
    }
}
