public import Distributed

/// Jobs for whoever has time: each is done once, whoever dies.
///
/// ```swift
/// let queue = try await system.makeWorkQueue(of: Page.self)
/// try await queue.put(contentsOf: pages)
/// try await queue.drain()                              // everything put so far is settled
/// try await queue.finish()                             // no more: the consumers' loops end
/// ```
/// And, in any number of processes:
/// ```swift
/// for try await delivery in queue.jobs() {
///     try await render(delivery.job)
///     try await delivery.acknowledge()
/// }
/// ```
/// A job that is given to a consumer is *leased* to it: nobody else gets it until it is acknowledged, rejected, given
/// back, or the consumer is no more. Then it is tried again, before the jobs that wait, by whoever has time. One that
/// has failed ``WorkQueueOptions/attempts`` times becomes a dead letter: ``deadLetters`` tells why. So a job may be
/// begun more than once, and its effects should bear it; it is *settled* exactly once.
///
/// The queue is an actor: spawn it, supervise it as a ``Child``, find it by name, send its reference in messages. Its
/// process holds the jobs, and they die with it. Who waits is then told, with ``RemoteCallError/Code/interrupted`` and
/// the reason; the next incarnation begins empty, with another ``WorkQueueStatus/epoch``.
///
/// The idea is that of Python's `JoinableQueue`, with leases as in message brokers.
public distributed actor WorkQueue<Job: Codable & Sendable>: ProcessActor {
    /// How the queue works.
    public typealias Arguments = WorkQueueOptions

    /// Who opens a session need not wait for another who does.
    public static var reentrancy: Reentrancy { .reentrant }

    private let core: WorkQueueCore

    /// Makes a queue in this process; ``ProcessActorSystem/makeWorkQueue(of:named:attempts:capacity:options:)`` gives it one of its own.
    public init(_ options: WorkQueueOptions, actorSystem: ActorSystem) {
        core = WorkQueueCore(options)
        self.actorSystem = actorSystem
    }

    /// Takes no more jobs: puts fail with ``RemoteCallError/Code/finished``, those that wait for room too.
    ///
    /// When everything that was put is settled the consumers' loops end, and those over ``deadLetters``. A second time
    /// it does nothing.
    public distributed func finish() {
        core.finish()
    }

    /// What the queue has at this moment.
    public distributed func status() -> WorkQueueStatus {
        core.status
    }

    // MARK: Sessions

    distributed func admitProducer(
        repliesTo address: MailboxAddress<ProducerReply>
    ) async throws -> MailboxAddress<ProducerFrame<Job>> {
        let replies = try await address.open()
        let frames = try await actorSystem.makeMailbox(of: ProducerFrame<Job>.self)
        let address = frames.address
        ProducerService(core: core, frames: frames, replies: replies).start()
        return address
    }

    distributed func admitConsumer(
        jobsTo address: MailboxAddress<DeliveryFrame<Job>>, prefetch: Int, named name: String?
    ) async throws -> ConsumerAdmission {
        let name = name ?? context.caller?.name ?? "a consumer"
        let deliveries = try await address.open()
        let words = try await actorSystem.makeMailbox(of: UInt64.self)
        let address = words.address
        let service = ConsumerService(
            core: core, name: name, window: prefetch, words: words, deliveries: deliveries)
        return ConsumerAdmission(words: address, consumer: service.start(), epoch: core.epoch)
    }

    distributed func reject(
        _ lease: UInt64, by consumer: UInt64, in epoch: UInt64, _ reason: String, isRetried: Bool
    ) -> Bool {
        guard epoch == core.epoch else { return false }
        core.failed(lease, by: consumer, .rejected(reason), isRetried: isRetried)
        return true
    }

    distributed func admitReader(
        lettersTo address: MailboxAddress<DeadJob<Job>>
    ) async throws -> MailboxAddress<ReaderPresence> {
        let letters = try await address.open()
        let presence = try await actorSystem.makeMailbox(of: ReaderPresence.self, capacity: 1)
        let address = presence.address
        DeadLetterService(core: core, presence: presence, letters: letters).start()
        return address
    }
}

extension RemoteCallError.Code {
    /// The queue takes no more jobs.
    public static let finished = Self(description: "finished")
}

extension ProcessActorSystem {
    /// Spawns a ``WorkQueue``.
    ///
    /// - Parameters:
    ///   - type: what the jobs are.
    ///   - name: unique among the actors that are alive; made from the type if nil.
    ///   - attempts: how often a job is tried before it becomes a dead letter, at least 1; 3 unless given.
    ///   - capacity: how many jobs may wait for a consumer, at least 1; more puts wait. 1,024 unless given.
    ///   - options: how the queue is supervised.
    /// - Returns: a reference, valid for all its incarnations.
    /// - Throws: ``SpawnError``.
    public func makeWorkQueue<Job: Codable & Sendable>(
        of type: Job.Type, named name: String? = nil, attempts: Int = 3, capacity: Int = 1_024,
        options: SpawnOptions = SpawnOptions()
    ) async throws -> WorkQueue<Job> {
        try await spawn(
            WorkQueue<Job>.self, named: name, WorkQueueOptions(attempts: attempts, capacity: capacity),
            options: options)
    }
}
