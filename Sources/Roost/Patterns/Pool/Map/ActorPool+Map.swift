/// Sequences through a pool.
extension ActorPool {
    /// Has a task served for each element, and gives the results in their order.
    ///
    /// ```swift
    /// for try await square in pool.map(1...1_000_000) { print(square) }
    /// ```
    /// Inputs are pulled as results are taken out: an endless sequence is fine. When a task fails, taking out its
    /// result throws ``PoolTaskError``, and the others are cancelled; the pool goes on. ``PoolMap/results`` has every
    /// task's outcome instead. What is under way is also cancelled when the iteration is left, or its task cancelled.
    ///
    /// - Parameters:
    ///   - inputs: what is given to the workers.
    ///   - window: how many inputs are pulled ahead of the results that were taken out; as many as keep the processes
    ///     busy if nil.
    ///   - chunk: how many tasks are given to a worker together; found out by measuring unless given.
    ///   - attempts: how many processes a task may end; nil for ``PoolOptions/attempts``.
    /// - Returns: an asynchronous sequence; nothing begins before it is iterated.
    @inlinable
    public func map<Inputs: Sequence>(
        _ inputs: Inputs, window: Int? = nil, chunk: PoolChunking = .automatic, attempts: Int? = nil
    ) -> PoolMap<PoolSequence<Inputs>, Worker> where Inputs.Element == Worker.Input {
        let plan = PoolRunPlan(isOrdered: true, window: window, chunking: chunk, attempts: attempts)
        return PoolMap(PoolSequence(inputs), self, plan)
    }

    /// Has a task served for each element that comes, and gives the results in their order.
    ///
    /// As for other sequences; the inputs are taken by a task of their own, as they come. When they end with an
    /// error, it is thrown after the results of those that had come.
    public func map<Inputs: AsyncSequence & Sendable>(
        _ inputs: Inputs, window: Int? = nil, chunk: PoolChunking = .automatic, attempts: Int? = nil
    ) -> PoolMap<PoolAsyncSequence<Inputs>, Worker> where Inputs.Element == Worker.Input {
        let plan = PoolRunPlan(isOrdered: true, window: window, chunking: chunk, attempts: attempts)
        return PoolMap(PoolAsyncSequence(inputs), self, plan)
    }

    /// Has a task served for each element, and gives the results as they come, each with its element's place.
    ///
    /// ```swift
    /// for try await done in pool.mapUnordered(numbers) { print(done.index, done.value) }
    /// ```
    /// Apart from the order it is as the ordered form.
    ///
    /// - Parameters:
    ///   - inputs: what is given to the workers.
    ///   - window: how many inputs are pulled ahead of the results that were taken out; as many as keep the processes
    ///     busy if nil.
    ///   - chunk: how many tasks are given to a worker together; found out by measuring unless given.
    ///   - attempts: how many processes a task may end; nil for ``PoolOptions/attempts``.
    /// - Returns: an asynchronous sequence; nothing begins before it is iterated.
    @inlinable
    public func mapUnordered<Inputs: Sequence>(
        _ inputs: Inputs, window: Int? = nil, chunk: PoolChunking = .automatic, attempts: Int? = nil
    ) -> PoolUnorderedMap<PoolSequence<Inputs>, Worker> where Inputs.Element == Worker.Input {
        let plan = PoolRunPlan(isOrdered: false, window: window, chunking: chunk, attempts: attempts)
        return PoolUnorderedMap(PoolMap(PoolSequence(inputs), self, plan))
    }

    /// Has a task served for each element that comes, and gives the results as they come.
    public func mapUnordered<Inputs: AsyncSequence & Sendable>(
        _ inputs: Inputs, window: Int? = nil, chunk: PoolChunking = .automatic, attempts: Int? = nil
    ) -> PoolUnorderedMap<PoolAsyncSequence<Inputs>, Worker> where Inputs.Element == Worker.Input {
        let plan = PoolRunPlan(isOrdered: false, window: window, chunking: chunk, attempts: attempts)
        return PoolUnorderedMap(PoolMap(PoolAsyncSequence(inputs), self, plan))
    }

    /// Has a task served for each element, and drops the results; returns when all are done.
    ///
    /// - Throws: ``PoolTaskError`` when a task fails; the others are cancelled then.
    public func forEach<Inputs: Sequence>(
        _ inputs: Inputs, window: Int? = nil, chunk: PoolChunking = .automatic, attempts: Int? = nil
    ) async throws where Inputs.Element == Worker.Input {
        for try await _ in mapUnordered(inputs, window: window, chunk: chunk, attempts: attempts) {}
    }

    /// Has a task served for each element that comes, and drops the results; returns when all are done.
    public func forEach<Inputs: AsyncSequence & Sendable>(
        _ inputs: Inputs, window: Int? = nil, chunk: PoolChunking = .automatic, attempts: Int? = nil
    ) async throws where Inputs.Element == Worker.Input {
        for try await _ in mapUnordered(inputs, window: window, chunk: chunk, attempts: attempts) {}
    }
}
