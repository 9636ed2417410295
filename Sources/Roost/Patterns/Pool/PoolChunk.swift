/// Tasks that are given to a worker together.
public struct PoolChunk<Input: Codable & Sendable>: Codable, Sendable {
    /// What each task is.
    public let inputs: [Input]
    /// After how many nanoseconds no further task is begun; 0 for never.
    ///
    /// What is left then is given to whoever is free.
    public let limit: UInt64

    init(inputs: [Input], limit: UInt64) {
        self.inputs = inputs
        self.limit = limit
    }

    private enum CodingKeys: String, CodingKey {
        case inputs = "i"
        case limit = "l"
    }
}

/// When the time of a chunk is over, found out without looking at the clock after every task.
///
/// A task may take less time than reading the clock. So it is read after a number of tasks that is doubled while they
/// are fast, and halved when they are not.
public struct ChunkPace {
    @usableFromInline let limit: UInt64
    @usableFromInline var left = 1
    private var stride = 1
    private let start: ContinuousClock.Instant
    private var lastLook: ContinuousClock.Instant

    /// Starts the time.
    public init(limit: UInt64) {
        self.limit = limit
        start = .now
        lastLook = start
    }

    /// Whether no further task is to be begun; called after each.
    @inlinable
    public mutating func isOver() -> Bool {
        left -= 1
        return left <= 0 && look()
    }

    @usableFromInline
    mutating func look() -> Bool {
        let now = ContinuousClock.now
        stride = lastLook.duration(to: now) < .microseconds(20) ? min(stride * 2, 1_024) : max(stride / 2, 1)
        lastLook = now
        left = stride
        if Task.isCancelled { return true }
        return limit > 0 && start.duration(to: now) >= .nanoseconds(Int64(clamping: limit))
    }
}
