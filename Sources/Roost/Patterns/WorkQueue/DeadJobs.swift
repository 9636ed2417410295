internal import Distributed

/// The jobs that a ``WorkQueue`` has given up: ``WorkQueue/deadLetters``.
public struct DeadJobs<Job: Codable & Sendable>: AsyncSequence, Sendable {
    /// What is given out.
    public typealias Element = DeadJob<Job>

    let queue: WorkQueue<Job>

    /// Begins to read, with the oldest one that is kept.
    public func makeAsyncIterator() -> Iterator {
        Iterator(queue: queue)
    }

    /// Reads dead letters.
    public struct Iterator: AsyncIteratorProtocol {
        private let queue: WorkQueue<Job>
        private var letters: Mailbox<DeadJob<Job>>?
        /// That it is there says that somebody reads.
        private var presence: MailboxSender<ReaderPresence>?

        fileprivate init(queue: WorkQueue<Job>) {
            self.queue = queue
        }

        /// The next one; nil when the queue is finished, all is settled, and this was the last.
        ///
        /// - Throws: ``RemoteCallError``: `.interrupted` when the queue's process ended, `.terminated` when the queue is
        ///   gone for good; `CancellationError`.
        public nonisolated(nonsending) mutating func next() async throws -> DeadJob<Job>? {
            if letters == nil { try await open() }
            guard let letters else { return nil }
            if let letter = try await letters.next() { return letter }
            if let loss = await letters.loss() {
                throw RemoteCallError.interruption(of: queue.id.name, loss)
            }
            return nil
        }

        private nonisolated(nonsending) mutating func open() async throws {
            let letters = try await queue.actorSystem.makeMailbox(of: DeadJob<Job>.self, capacity: 64)
            let presence = try await queue.reference.admitReader(lettersTo: letters.address).open()
            // The queue has opened it by now, and nobody else is to.
            letters.seal()
            try await presence.send(.hello)
            self.letters = letters
            self.presence = presence
        }
    }
}
