internal import RoostPlatform
internal import Synchronization

/// Waits for both of the node's streams to be written, but not for ever.
final class WrittenWait: @unchecked Sendable {
    // @unchecked: all but `left` belongs to the loop.

    private let loop: EventLoop
    private let left = Atomic<Int>(2)
    private var action: (() -> Void)?
    private var timer: EventLoop.TimerToken?

    init(loop: EventLoop, _ action: @escaping () -> Void) {
        self.loop = loop
        self.action = action
    }

    /// A stream has been written; from any thread.
    func written() {
        guard left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 else { return }
        // Usually there was nothing to write, and nobody has to wait.
        if loop.isCurrent { finish() } else { loop.perform { [self] in finish() } }
    }

    /// From now on the wait lasts `limit` at most.
    func begin(_ limit: Duration, onTimeout: @escaping () -> Void) {
        guard action != nil else { return }
        timer = loop.schedule(
            .closure { [self] in
                onTimeout()
                finish()
            }, at: Monotonic.now.advanced(by: limit))
    }

    private func finish() {
        if let timer = timer.take() { loop.cancel(timer) }
        action.take()?()
    }
}
