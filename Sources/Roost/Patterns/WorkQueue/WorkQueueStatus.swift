/// What a ``WorkQueue`` has, and what has become of the rest, at one moment.
public struct WorkQueueStatus: Sendable, Hashable, Codable {
    /// Tells the queue's incarnations apart: another number means that the queue died and began anew, empty.
    public var epoch: UInt64 = 0
    /// Jobs that wait for a consumer.
    public var waiting = 0
    /// Jobs that are with consumers.
    public var leased = 0
    /// Jobs that were acknowledged.
    public var acknowledged = 0
    /// Jobs that were given up.
    public var dead = 0
    /// How often a job was given to a consumer again.
    public var redeliveries = 0
    /// Consumers that are there.
    public var consumers = 0
    /// Producers of which a put waits for room.
    public var waitingProducers = 0
    /// How many wait in ``WorkQueue/drain()``.
    public var waitingDrains = 0
    /// Whether no more jobs are taken.
    public var isFinished = false

    /// Jobs that are neither acknowledged nor given up.
    public var unsettled: Int { waiting + leased }

    /// Makes the status of an empty queue.
    public init() {}
}
