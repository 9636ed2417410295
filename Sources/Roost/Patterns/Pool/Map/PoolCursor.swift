/// Ends a run when nobody reads it any more.
@usableFromInline
final class PoolRunOwner<Worker: PoolWorker>: Sendable {
    @usableFromInline let run: PoolRun<Worker>

    @usableFromInline
    init(_ run: PoolRun<Worker>) {
        self.run = run
    }

    deinit {
        run.cancel()
    }
}

/// Pulls inputs into a run, and takes its results out.
@usableFromInline
struct PoolCursor<Inputs: PoolInputs, Worker: PoolWorker> where Inputs.Input == Worker.Input {
    @usableFromInline var inputs: Inputs
    @usableFromInline let owner: PoolRunOwner<Worker>
    /// Whether inputs come by themselves; nil before the first look.
    @usableFromInline var isFed: Bool?

    @inlinable
    init(_ inputs: Inputs, _ pool: ActorPool<Worker>, _ plan: PoolRunPlan) {
        self.inputs = inputs
        owner = PoolRunOwner(PoolRun(pool, plan))
    }

    /// The next results; nil after the last.
    @inlinable
    nonisolated(nonsending) mutating func next() async throws -> PoolBatch<Worker.Output>? {
        let run = owner.run
        if isFed == nil {
            let feed = inputs.feed()
            isFed = feed != nil
            if let feed { run.start(feed) }
        }
        if isFed == true {
            run.consumed()
        } else {
            while let room = run.room() {
                var isAtEnd = false
                let taken = inputs.take(room, isAtEnd: &isAtEnd)
                run.submit(taken, isAtEnd: isAtEnd)
            }
        }
        return try await run.next()
    }
}
