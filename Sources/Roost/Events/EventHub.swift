internal import Synchronization

/// Gives each event to every stream that listens at that moment.
final class EventHub: Sendable {
    private struct State {
        var listeners: [Int: AsyncStream<SystemEvent>.Continuation] = [:]
        var next = 0
        var isFinished = false
    }

    private let state = Mutex(State())

    func publish(_ event: SystemEvent) {
        let listeners = state.withLock { Array($0.listeners.values) }
        for listener in listeners { listener.yield(event) }
    }

    /// A stream of all events from now on, with a bounded past: the newest 4,096 not yet read.
    func subscribe() -> AsyncStream<SystemEvent> {
        let (stream, continuation) = AsyncStream<SystemEvent>.makeStream(
            bufferingPolicy: .bufferingNewest(4096))
        let number: Int? = state.withLock { state in
            if state.isFinished { return nil }
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
        }
        return stream
    }

    func finish() {
        let listeners = state.withLock { state in
            state.isFinished = true
            defer { state.listeners.removeAll() }
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.finish() }
    }
}
