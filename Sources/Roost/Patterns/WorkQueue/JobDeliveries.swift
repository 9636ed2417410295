internal import Distributed

/// The jobs of a ``WorkQueue``, leased to whoever iterates: ``WorkQueue/jobs(prefetch:as:)``.
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
        @usableFromInline let consumer: Consumer<Job>

        init(consumer: Consumer<Job>) {
            self.consumer = consumer
        }

        /// The next job; nil when the queue is finished and all is settled.
        ///
        /// - Throws: ``RemoteCallError``: `.interrupted` when the queue's process ended, `.terminated` when the queue is
        ///   gone for good; `CancellationError`.
        @inlinable
        public nonisolated(nonsending) mutating func next() async throws -> JobDelivery<Job>? {
            if let delivery = consumer.nextOfSeveral() { return delivery }
            return try await consumer.next()
        }

        /// The next job; nil when the queue is finished and all is settled.
        @inlinable
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(any Error) -> JobDelivery<Job>? {
            if let delivery = consumer.nextOfSeveral() { return delivery }
            return try await consumer.next()
        }
    }
}

/// The place of one iteration at a queue: with it the iteration ends.
///
/// Used by one task at a time.
@usableFromInline
final class Consumer<Job: Codable & Sendable> {
    private struct Session {
        let link: ConsumerLink
        let deliveries: Mailbox<DeliveryFrame<Job>>
    }

    private let queue: WorkQueue<Job>
    private let prefetch: Int
    private let name: String?
    private var session: Session?
    private var isOver = false
    /// The last lease that was begun.
    @usableFromInline var last: UInt64 = 0
    /// Jobs that came together, and how many of them are begun.
    @usableFromInline var together: [Job] = []
    @usableFromInline var taken = 0
    /// Where those are settled.
    @usableFromInline var link: ConsumerLink?

    init(queue: WorkQueue<Job>, prefetch: Int, name: String?) {
        self.queue = queue
        self.prefetch = prefetch
        self.name = name
    }

    deinit {
        leave()
    }

    @usableFromInline
    nonisolated(nonsending) func next() async throws -> JobDelivery<Job>? {
        if isOver { return nil }
        do {
            if Task.isCancelled { throw CancellationError() }
            if session == nil { try await join() }
            guard let session else { return nil }
            guard let frame = try await session.deliveries.next() else {
                return try await ended(session.deliveries)
            }
            return try await begin(frame, session.link)
        } catch {
            leave()
            throw error
        }
    }

    private nonisolated(nonsending) func begin(
        _ frame: DeliveryFrame<Job>, _ link: ConsumerLink
    ) async throws -> JobDelivery<Job>? {
        switch frame {
        case .fresh(let first, let jobs):
            together = jobs
            taken = 0
            last = first - 1
            self.link = link
            return nextOfSeveral()
        case .job(let job, let lease, let attempt, let isRedelivered, let isSuspect):
            if isSuspect { try await link.put(.begin(lease)) }
            last = lease
            return JobDelivery(
                job, attempt: attempt, isRedelivered: isRedelivered, LeaseToken(lease, link))
        }
    }

    /// The next of those that came together; nil if there is none, or the task is cancelled.
    @inlinable
    func nextOfSeveral() -> JobDelivery<Job>? {
        guard taken < together.count, let link, !Task.isCancelled else { return nil }
        defer { taken += 1 }
        last += 1
        return JobDelivery(together[taken], LeaseToken(last, link))
    }

    private nonisolated(nonsending) func join() async throws {
        let (queue, name) = (try queue.reference, queue.id.name)
        let deliveries = try await queue.actorSystem.makeMailbox(
            of: DeliveryFrame<Job>.self, capacity: prefetch)
        let admission = try await queue.admitConsumer(
            jobsTo: deliveries.address, prefetch: prefetch, named: self.name)
        // The queue has opened it by now, and nobody else is to.
        deliveries.seal()
        let link = ConsumerLink(try await admission.words.open(), queue: name) { lease, reason, isRetried in
            try await queue.reject(
                lease, by: admission.consumer, in: admission.epoch, reason, isRetried: isRetried)
        }
        try await link.send(.hello)
        session = Session(link: link, deliveries: deliveries)
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
        link = nil
        guard let session = session.take() else { return }
        Task.detached { [last] in
            try? await session.link.send(.leave(last))
            // They are the queue's again, and no dead letters.
            while try await session.deliveries.next() != nil {}
        }
    }
}
