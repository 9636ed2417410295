/// How a ``WorkQueue`` works: its arguments as an actor.
public struct WorkQueueOptions: Sendable, Hashable, Codable {
    /// How often a job is tried before it becomes a dead letter.
    ///
    /// 3.
    public var attempts: Int
    /// How many jobs may wait for a consumer: more puts wait.
    ///
    /// 1,024. Jobs that are with consumers do not count.
    public var capacity: Int
    /// How many dead letters are kept: of more, the newest.
    ///
    /// 1,024.
    public var deadLetters: Int

    /// Makes options; each must be at least 1.
    ///
    /// - Parameters:
    ///   - attempts: how often a job is tried, 3 unless given.
    ///   - capacity: how many jobs may wait for a consumer, 1,024 unless given.
    ///   - deadLetters: how many dead letters are kept, 1,024 unless given.
    public init(attempts: Int = 3, capacity: Int = 1_024, deadLetters: Int = 1_024) {
        precondition(attempts > 0, "a job is tried at least once")
        precondition(capacity > 0, "a queue has room for something")
        precondition(deadLetters > 0, "at least one dead letter is kept")
        self.attempts = attempts
        self.capacity = capacity
        self.deadLetters = deadLetters
    }
}
