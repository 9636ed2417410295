/// How many tasks are worth one message, by how long tasks have taken.
struct PoolPace: Sendable {
    /// A chunk is to take about so many nanoseconds.
    static let chunkTime = 2_000_000.0
    /// Single tasks that are served together hold each other up for less.
    static let batchTime = 500_000.0
    static let maximumChunk = 16_384
    static let maximumBatch = 256

    /// How many nanoseconds a task takes, its share of the message there and back included; 0 when nothing is known.
    private(set) var perTask = 0.0

    /// So many tasks have been served together, in so many nanoseconds.
    mutating func measured(_ count: Int, nanoseconds: Double) {
        guard count > 0 else { return }
        let measured = nanoseconds / Double(count)
        // Slower than thought counts at once: a chunk that takes too long holds up more than one that is too short.
        perTask = measured > perTask ? measured : (perTask + 3 * measured) / 4
    }

    /// How many tasks of a sequence are given to a worker together.
    var chunk: Int { fitting(Self.chunkTime, upTo: Self.maximumChunk) }

    /// How many single tasks are.
    var batch: Int { fitting(Self.batchTime, upTo: Self.maximumBatch) }

    private func fitting(_ time: Double, upTo maximum: Int) -> Int {
        guard perTask > 0 else { return 1 }
        return min(max(Int(time / max(perTask, 1)), 1), maximum)
    }
}
