/// The results of a sequence's tasks, in the order of the sequence: made by ``ActorPool``'s `map`.
///
/// Every iteration is a run of its own.
public struct PoolMap<Inputs: PoolInputs, Worker: PoolWorker>: AsyncSequence
where Inputs.Input == Worker.Input {
    /// What a task returns.
    public typealias Element = Worker.Output

    @usableFromInline let inputs: Inputs
    @usableFromInline let pool: ActorPool<Worker>
    @usableFromInline let plan: PoolRunPlan

    @inlinable
    init(_ inputs: Inputs, _ pool: ActorPool<Worker>, _ plan: PoolRunPlan) {
        self.inputs = inputs
        self.pool = pool
        self.plan = plan
    }

    /// Every task's outcome, in the order of the sequence: one that fails ends nothing.
    @inlinable
    public var results: PoolResults<Inputs, Worker> { PoolResults(inputs, pool, plan) }

    /// Begins to take results out; the first `next()` begins the work.
    @inlinable
    public func makeAsyncIterator() -> Iterator { Iterator(PoolCursor(inputs, pool, plan)) }

    /// Takes the results out; when it goes, what is under way is cancelled.
    public struct Iterator: AsyncIteratorProtocol {
        @usableFromInline var cursor: PoolCursor<Inputs, Worker>?
        @usableFromInline var values: [Worker.Output] = []
        @usableFromInline var position = 0
        @usableFromInline var failure: PoolTaskError?

        @inlinable
        init(_ cursor: PoolCursor<Inputs, Worker>) {
            self.cursor = cursor
        }

        /// The next result; nil after the last.
        ///
        /// - Throws: ``PoolTaskError`` when the next task has failed, after which all others are cancelled; what the
        ///   inputs threw; `CancellationError`.
        @inlinable
        public mutating func next() async throws -> Worker.Output? {
            if position < values.count { return take() }
            return try await refilled()
        }

        /// The next result; nil after the last.
        @inlinable
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(any Error) -> Worker.Output? {
            if position < values.count { return take() }
            return try await refilled()
        }

        @inlinable @inline(__always)
        mutating func take() -> Worker.Output {
            defer { position += 1 }
            return values[position]
        }

        @inlinable
        nonisolated(nonsending) mutating func refilled() async throws -> Worker.Output? {
            while failure == nil, let batch = try await cursor?.next() {
                values = batch.values
                position = 0
                failure = batch.failure.map {
                    PoolTaskError(index: batch.first + batch.values.count, underlying: $0)
                }
                if position < values.count { return take() }
            }
            cursor = nil
            values = []
            position = 0
            if let failure {
                self.failure = nil
                throw failure
            }
            return nil
        }
    }
}
