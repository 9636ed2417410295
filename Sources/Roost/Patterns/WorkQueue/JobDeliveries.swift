internal import Distributed

/// The jobs of a ``WorkQueue``, leased to whoever iterates: ``WorkQueue/jobs(prefetch:)``.
public struct JobDeliveries<Job: Codable & Sendable>: AsyncSequence, Sendable {
    /// What is given out.
    public typealias Element = JobDelivery<Job>

    let queue: WorkQueue<Job>
    let prefetch: Int
    let name: String?

    /// Begins an iteration: another consumer.
    public func makeAsyncIterator() -> Iterator {
        Iterator(consumer: Consumer(queue: queue, prefetch: prefetch, name: name))
    }

    /// A consumer; it joins the queue when it asks for the first job.
    public struct Iterator: AsyncIteratorProtocol {
        let consumer: Consumer<Job>

        /// The next job; nil when the queue is finished and all is settled.
        ///
        /// - Throws: ``RemoteCallError``: `.interrupted` when the queue's process ended, `.terminated` when the queue is
        ///   gone for good; `CancellationError`.
        public nonisolated(nonsending) mutating func next() async throws -> JobDelivery<Job>? {
            try await consumer.next()
        }

        /// The next job; nil when the queue is finished and all is settled.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(any Error) -> JobDelivery<Job>? {
            try await consumer.next()
        }
    }
}

/// The place of one iteration at a queue: with it the iteration ends. Used by one task at a time.
final class Consumer<Job: Codable & Sendable> {
    private let queue: WorkQueue<Job>
    private let prefetch: Int
    private let name: String?
    private var session: (link: ConsumerLink, deliveries: Mailbox<DeliveryFrame<Job>>)?
    private var isOver = false
    /// The last lease that was begun.
    private var last: UInt64 = 0

    init(queue: WorkQueue<Job>, prefetch: Int, name: String?) {
        self.queue = queue
        self.prefetch = prefetch
        self.name = name
    }

    deinit {
        leave()
    }

    nonisolated(nonsending) func next() async throws -> JobDelivery<Job>? {
        if isOver { return nil }
        do {
            try Task.checkCancellation()
            if session == nil { try await join() }
            guard let session else { return nil }
            guard let frame = try await session.deliveries.next() else {
                return try await ended(session.deliveries)
            }
            if frame.isSuspect { try await session.link.put(.begin(frame.lease)) }
            last = frame.lease
            return JobDelivery(frame, LeaseToken(frame.lease, session.link))
        } catch {
            leave()
            throw error
        }
    }

    private nonisolated(nonsending) func join() async throws {
        let deliveries = try await queue.actorSystem.makeMailbox(
            of: DeliveryFrame<Job>.self, capacity: prefetch)
        let address = try await queue.reference.admitConsumer(
            jobsTo: deliveries.address, prefetch: prefetch, named: name)
        // The queue has opened it by now, and nobody else is to.
        deliveries.seal()
        let link = ConsumerLink(try await address.open(), queue: queue.id.name)
        try await link.send(.hello)
        session = (link, deliveries)
    }

    private nonisolated(nonsending) func ended(
        _ deliveries: Mailbox<DeliveryFrame<Job>>
    ) async throws -> JobDelivery<Job>? {
        isOver = true
        session = nil
        if let loss = await deliveries.loss() { throw RemoteCallError.interruption(of: queue.id.name, loss) }
        return nil
    }

    // What it has not begun goes back; what it has may be settled yet.
    private func leave() {
        isOver = true
        guard let (link, deliveries) = session.take() else { return }
        Task.detached { [last] in
            try? await link.send(.leave(last))
            // They are the queue's again, and no dead letters.
            while try await deliveries.next() != nil {}
        }
    }
}
