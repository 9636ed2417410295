internal import RoostPlatform
internal import Synchronization

/// A timer on a loop that any thread may set and cancel.
final class HostTimer: Sendable {
    private enum State {
        case idle
        case set(EventLoop.TimerToken)
        case over
    }

    private let loop: EventLoop
    private let state = Mutex(State.idle)

    init(loop: EventLoop) {
        self.loop = loop
    }

    func set(at deadline: Monotonic, _ action: @escaping @Sendable () -> Void) {
        onLoop { [self] in
            state.withLock { state in
                guard case .idle = state else { return }
                let token = loop.schedule(.closure { [self] in fire(action) }, at: deadline)
                state = .set(token)
            }
        }
    }

    private func fire(_ action: () -> Void) {
        state.withLock { $0 = .over }
        action()
    }

    func cancel() {
        onLoop { [self] in
            state.withLock { state in
                if case .set(let token) = state { loop.cancel(token) }
                state = .over
            }
        }
    }

    private func onLoop(_ work: @escaping @Sendable () -> Void) {
        if loop.isCurrent { work() } else { loop.perform(work) }
    }
}
