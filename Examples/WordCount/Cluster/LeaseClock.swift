/// Notices tokenizers that hold chunks and report nothing for too long: a read that hangs, an endless loop.
///
/// That a process has died, or was stopped, is noticed by the system and is no matter of time.
struct LeaseClock: Sendable {
    let limit: Duration
    private var since: [Int: ContinuousClock.Instant] = [:]
    private var held: [Int: Int] = [:]

    init(limit: Duration) {
        self.limit = limit
    }

    /// A tokenizer was given a chunk.
    mutating func given(_ tokenizer: Int, at now: ContinuousClock.Instant) {
        held[tokenizer, default: 0] += 1
        if since[tokenizer] == nil { since[tokenizer] = now }
    }

    /// A tokenizer has reported a chunk, and begins with the next one if it has one.
    mutating func reported(_ tokenizer: Int, at now: ContinuousClock.Instant) {
        held[tokenizer, default: 1] -= 1
        since[tokenizer] = held[tokenizer, default: 0] > 0 ? now : nil
    }

    /// A tokenizer is dead, or was given up on: it holds nothing.
    mutating func lost(_ tokenizer: Int) {
        held[tokenizer] = nil
        since[tokenizer] = nil
    }

    /// The tokenizers that are overdue.
    func overdue(at now: ContinuousClock.Instant) -> [Int] {
        since.filter { $0.value.duration(to: now) > limit }.keys.sorted()
    }
}
