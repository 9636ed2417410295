/// What became of a task of a sequence.
public struct PoolOutcome<Output: Codable & Sendable>: Sendable {
    /// The place of its input in the sequence, from 0.
    public let index: Int
    /// What it returned; or what it threw, a ``PoolError``, or a ``RemoteCallError`` when the input or the result
    /// could not be sent.
    public let result: Result<Output, any Error>
}

/// The outcomes of a sequence's tasks: the `results` of a map through an ``ActorPool``.
///
/// A task that fails is one of the outcomes, and ends nothing.
public struct PoolResults<Inputs: PoolInputs, Worker: PoolWorker>: AsyncSequence
where Inputs.Input == Worker.Input {
    /// What became of a task.
    public typealias Element = PoolOutcome<Worker.Output>

    private let inputs: Inputs
    private let pool: ActorPool<Worker>
    private let plan: PoolRunPlan

    @usableFromInline
    init(_ inputs: Inputs, _ pool: ActorPool<Worker>, _ plan: PoolRunPlan) {
        self.inputs = inputs
        self.pool = pool
        self.plan = plan
    }

    /// Begins to take outcomes out; the first `next()` begins the work.
    public func makeAsyncIterator() -> Iterator { Iterator(cursor: PoolCursor(inputs, pool, plan)) }

    /// Takes the outcomes out; when it goes, what is under way is cancelled.
    public struct Iterator: AsyncIteratorProtocol {
        private var cursor: PoolCursor<Inputs, Worker>?
        private var batch: PoolBatch<Worker.Output>?
        private var position = 0

        fileprivate init(cursor: PoolCursor<Inputs, Worker>) {
            self.cursor = cursor
        }

        /// The next outcome; nil after the last.
        ///
        /// - Throws: what the inputs threw; `CancellationError`.
        public mutating func next() async throws -> Element? {
            if let outcome = take() { return outcome }
            return try await refilled()
        }

        /// The next outcome; nil after the last.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> Element?
        {
            if let outcome = take() { return outcome }
            return try await refilled()
        }

        private mutating func take() -> Element? {
            guard let batch, position < batch.count else { return nil }
            defer { position += 1 }
            let index = batch.first + position
            if position < batch.values.count {
                return PoolOutcome(index: index, result: .success(batch.values[position]))
            }
            return batch.failure.map { PoolOutcome(index: index, result: .failure($0)) }
        }

        private nonisolated(nonsending) mutating func refilled() async throws -> Element? {
            while let batch = try await cursor?.next() {
                self.batch = batch
                position = 0
                if let outcome = take() { return outcome }
            }
            cursor = nil
            batch = nil
            return nil
        }
    }
}
