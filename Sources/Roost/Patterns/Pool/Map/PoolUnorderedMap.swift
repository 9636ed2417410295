/// A task of a sequence that has returned.
public struct PoolFinished<Output: Codable & Sendable>: Sendable {
    /// The place of its input in the sequence, from 0.
    public let index: Int
    /// What it returned.
    public let value: Output

    @inlinable
    init(index: Int, value: Output) {
        self.index = index
        self.value = value
    }
}

/// The results of a sequence's tasks as they come: made by ``ActorPool``'s `mapUnordered`.
///
/// Every iteration is a run of its own.
public struct PoolUnorderedMap<Inputs: PoolInputs, Worker: PoolWorker>: AsyncSequence
where Inputs.Input == Worker.Input {
    /// A task that has returned.
    public typealias Element = PoolFinished<Worker.Output>

    @usableFromInline let map: PoolMap<Inputs, Worker>

    @inlinable
    init(_ map: PoolMap<Inputs, Worker>) {
        self.map = map
    }

    /// Every task's outcome, as they come: one that fails ends nothing.
    @inlinable
    public var results: PoolResults<Inputs, Worker> { map.results }

    /// Begins to take results out; the first `next()` begins the work.
    @inlinable
    public func makeAsyncIterator() -> Iterator {
        Iterator(PoolCursor(map.inputs, map.pool, map.plan))
    }

    // Nearly that of `PoolMap`: with what is the same in a structure of its own, both took twice as long for a result.

    /// Takes the results out; when it goes, what is under way is cancelled.
    public struct Iterator: AsyncIteratorProtocol {
        @usableFromInline var cursor: PoolCursor<Inputs, Worker>?
        @usableFromInline var values: [Worker.Output] = []
        @usableFromInline var position = 0
        @usableFromInline var first = 0
        @usableFromInline var failure: PoolTaskError?

        @inlinable
        init(_ cursor: PoolCursor<Inputs, Worker>) {
            self.cursor = cursor
        }

        /// The next result; nil after the last.
        ///
        /// - Throws: ``PoolTaskError`` when a task has failed, after which all others are cancelled; what the inputs
        ///   threw; `CancellationError`.
        @inlinable
        public mutating func next() async throws -> Element? {
            if position < values.count { return take() }
            return try await refilled()
        }

        /// The next result; nil after the last.
        @inlinable
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> Element?
        {
            if position < values.count { return take() }
            return try await refilled()
        }

        @inlinable @inline(__always)
        mutating func take() -> Element {
            defer { position += 1 }
            return PoolFinished(index: first + position, value: values[position])
        }

        @inlinable
        nonisolated(nonsending) mutating func refilled() async throws -> Element? {
            while failure == nil, let batch = try await cursor?.next() {
                values = batch.values
                first = batch.first
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
