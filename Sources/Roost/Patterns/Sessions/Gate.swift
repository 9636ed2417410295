internal import Synchronization

/// A result that one task waits for, and stops waiting for when it is cancelled.
final class Gate<Value: Sendable>: Sendable {
    private enum State {
        case closed
        case waiting(CheckedContinuation<Value, any Error>)
        case open(Result<Value, any Error>)
    }

    private let state = Mutex(State.closed)

    /// The first of the results counts.
    func open(_ result: Result<Value, any Error>) {
        let waiting: CheckedContinuation<Value, any Error>? = state.withLock { state in
            defer { if case .open = state {} else { state = .open(result) } }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        waiting?.resume(with: result)
    }

    var value: Value {
        get async throws {
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    let result: Result<Value, any Error>? = state.withLock { state in
                        if case .open(let result) = state { return result }
                        state = .waiting(continuation)
                        return nil
                    }
                    if let result { continuation.resume(with: result) }
                }
            } onCancel: {
                open(.failure(CancellationError()))
            }
        }
    }
}
