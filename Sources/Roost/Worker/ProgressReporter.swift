internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// How often a watched worker tells the node that it gets on: seldom enough to cost nothing.
struct ProgressReporter: ~Copyable, Sendable {
    private static let interval = Duration.milliseconds(10)

    private let last = Atomic<UInt64>(0)

    /// Whether it is time to tell; true for one of those who ask at the same moment.
    func isDue(at now: Monotonic) -> Bool {
        let before = last.load(ordering: .relaxed)
        guard Monotonic(nanoseconds: before).duration(to: now) >= Self.interval else { return false }
        return last.compareExchange(expected: before, desired: now.nanoseconds, ordering: .relaxed).exchanged
    }
}

extension Worker {
    /// Tells the node, from the very thread that computes: in a worker that is the loop's, which has no
    /// turn before the computation is over.
    func progressed() {
        guard progressReporter.isDue(at: .now) else { return }
        if loop.isCurrent { sendProgress() } else { loop.perform { [self] in sendProgress() } }
    }

    private func sendProgress() {
        control?.send(.progress)
    }

    /// Answers once the actor has control: a loop with a thread of its own has it always.
    func answerPing() {
        spawned?.whenReached { [self] in
            loop.perform { [self] in control?.send(.alive) }
        }
    }
}
