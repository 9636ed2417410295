internal import Distributed

/// What producers do.
extension WorkQueue {
    /// Puts a job; returns when the queue has it, and waits while the queue is full.
    ///
    /// From then on it does not matter what becomes of this process. When the task is cancelled while it waits, the job
    /// may be there or not.
    ///
    /// - Throws: ``RemoteCallError``: `.finished` when the queue takes no more; `.interrupted` when the queue's process
    ///   ended before it said that it has the job; `.terminated` when the queue is gone for good; about the job itself
    ///   `.unencodable` and `.tooLarge`; `CancellationError`.
    public nonisolated(nonsending) func put(_ job: Job) async throws {
        try await named { try await ProducerLinks.link(to: reference).put(job) }
    }

    /// Puts many jobs, in their order; returns when the queue has them all.
    ///
    /// Much faster than one after the other: it waits once. The sequence is walked as the queue has room. When this
    /// throws, some of the jobs may be in the queue.
    ///
    /// - Throws: as ``put(_:)``.
    @inlinable
    public nonisolated(nonsending) func put(contentsOf jobs: some Sequence<Job>) async throws {
        var iterator = jobs.makeIterator()
        try await putAll { count in
            var some: [Job] = []
            some.reserveCapacity(count)
            while some.count < count, let job = iterator.next() { some.append(job) }
            return some
        }
    }

    // `next` gives up to so many jobs, and fewer when they are the last.
    @usableFromInline
    nonisolated(nonsending) func putAll(_ next: (Int) -> [Job]) async throws {
        try await named { try await ProducerLinks.link(to: reference).putAll(next) }
    }

    /// Returns when everything put so far is settled: acknowledged, or a dead letter.
    ///
    /// Everything that this process has put, and what has come from others by then. With jobs in the queue and no
    /// consumer it waits for one.
    ///
    /// - Throws: ``RemoteCallError``: `.interrupted` when the queue's process ended, `.terminated` when the queue is
    ///   gone for good; `CancellationError`.
    public nonisolated(nonsending) func drain() async throws {
        try await named { try await ProducerLinks.link(to: reference).drain() }
    }

    private nonisolated(nonsending) func named(
        _ body: nonisolated(nonsending) () async throws -> Void
    ) async throws {
        do {
            try await body()
        } catch var error as RemoteCallError where error.actor.isEmpty {
            error.actor = id.name
            throw error
        }
    }

    /// One that goes through the mailbox, also to a queue of this process.
    nonisolated var reference: WorkQueue {
        get throws { try Self.resolve(id: id, using: actorSystem) }
    }
}

/// What consumers do.
extension WorkQueue {
    /// The queue's jobs, leased to whoever iterates.
    ///
    /// Each iteration is a consumer of its own. Its loop ends when the queue is finished and all is settled; it throws
    /// when the queue's process ends. When it is left before that, by `break`, by an error or because its task is
    /// cancelled, the jobs that it has not begun go back to the queue.
    ///
    /// - Parameters:
    ///   - prefetch: how many jobs the consumer may have at once, those it works on included; at least 1. With 1, the
    ///     default, a job waits in the queue until the consumer has settled the one before it. More is faster when jobs
    ///     are short, and necessary for a consumer that works on several at once.
    ///   - name: what the consumer is called in the reasons of dead letters; the actor that iterates if nil.
    /// - Returns: a sequence; nothing is taken before the first job is asked for.
    public nonisolated func jobs(prefetch: Int = 1, as name: String? = nil) -> JobDeliveries<Job> {
        precondition(prefetch > 0, "a consumer takes at least one job")
        return JobDeliveries(queue: self, prefetch: prefetch, name: name)
    }

    /// The jobs that were given up, with the reasons: those that are kept, and then those that follow.
    ///
    /// Each iteration sees all of them. It ends when the queue is finished and all is settled, and throws when the
    /// queue's process ends.
    public nonisolated var deadLetters: DeadJobs<Job> { DeadJobs(queue: self) }
}
