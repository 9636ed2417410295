internal import Synchronization

/// What a process has asked an actor and has no answer to yet; it lasts as long as the actor's incarnation.
///
/// A request has its number before it is sent, so its answer may come before anybody waits for it.
final class OpenRequests<Reply: Sendable>: Sendable {
    private enum Request {
        case sent
        case waiting(CheckedContinuation<Reply, any Error>)
        case settled(Result<Reply, any Error>)

        var isSettled: Bool {
            if case .settled = self { true } else { false }
        }
    }

    private struct State {
        var requests: [UInt64: Request] = [:]
        var last: UInt64 = 0
        var end: RemoteCallError?
        var observers: [UInt64: CheckedContinuation<RemoteCallError?, Never>] = [:]

        mutating func newNumber() -> UInt64 {
            last += 1
            return last
        }
    }

    private let state = Mutex(State())

    /// With what those who wait are told of the end of the incarnation; nil while it lives.
    var end: RemoteCallError? { state.withLock { $0.end } }

    /// A new request, which is sent next; returns its number.
    func begin() -> UInt64 {
        state.withLock { state in
            let number = state.newNumber()
            state.requests[number] = .sent
            return number
        }
    }

    /// It could not be sent.
    func forget(_ number: UInt64) {
        state.withLock { _ = $0.requests.removeValue(forKey: number) }
    }

    /// An answer has come; the first one counts.
    func settle(_ number: UInt64, _ result: Result<Reply, any Error>) {
        let continuation: CheckedContinuation<Reply, any Error>? = state.withLock { state in
            switch state.requests[number] {
            case .sent:
                state.requests[number] = .settled(result)
                return nil
            case .waiting(let continuation):
                state.requests[number] = nil
                return continuation
            case .settled, nil: return nil
            }
        }
        continuation?.resume(with: result)
    }

    /// Waits for the answer; `cancelled` is called when the task is cancelled before.
    ///
    /// - Throws: what the request failed with, also the end of the incarnation; `CancellationError`.
    nonisolated(nonsending) func answer(
        to number: UInt64, cancelled: @Sendable () -> Void = {}
    ) async throws -> Reply {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait(for: number, $0) }
        } onCancel: {
            settle(number, .failure(CancellationError()))
            cancelled()
        }
    }

    private func wait(for number: UInt64, _ continuation: CheckedContinuation<Reply, any Error>) {
        let result: Result<Reply, any Error>? = state.withLock { state in
            if case .settled(let result)? = state.requests[number] {
                state.requests[number] = nil
                return result
            }
            if let end = state.end { return .failure(end) }
            state.requests[number] = .waiting(continuation)
            return nil
        }
        if let result { continuation.resume(with: result) }
    }

    // MARK: The end

    /// The incarnation has ended: whoever waits is told with this error.
    func end(with error: RemoteCallError) {
        let (requests, observers) = state.withLock { state in
            state.end = error
            defer { (state.requests, state.observers) = (state.requests.filter(\.value.isSettled), [:]) }
            return (state.requests.values, state.observers.values)
        }
        for case .waiting(let continuation) in requests { continuation.resume(throwing: error) }
        for observer in observers { observer.resume(returning: error) }
    }

    /// Waits for the end of the incarnation; nil when the task is cancelled.
    nonisolated(nonsending) func waitForEnd() async -> RemoteCallError? {
        let number = state.withLock { $0.newNumber() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: RemoteCallError?? = state.withLock { state in
                    if let end = state.end { return .some(end) }
                    if Task.isCancelled { return .some(nil) }
                    state.observers[number] = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.observers.removeValue(forKey: number) }?.resume(returning: nil)
        }
    }
}
