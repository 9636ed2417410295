internal import Synchronization

/// What a process has asked an actor and has no answer to yet; it lasts as long as the actor's incarnation.
final class OpenRequests<Reply: Sendable>: Sendable {
    /// A request has its number before it is sent, so its answer may come before anybody waits for it.
    struct Request: Sendable {
        let number: UInt64
        fileprivate let answer = Gate<Reply>()
    }

    private struct State {
        var answers: [UInt64: Gate<Reply>] = [:]
        var last: UInt64 = 0
        var end: RemoteCallError?
    }

    private let state = Mutex(State())

    /// With what those who wait are told of the end of the incarnation; nil while it lives.
    var end: RemoteCallError? { state.withLock { $0.end } }

    /// A new request, which is sent next; what is begun is waited for, or forgotten.
    func begin() -> Request {
        state.withLock { state in
            state.last += 1
            let request = Request(number: state.last)
            if let end = state.end {
                request.answer.open(.failure(end))
            } else {
                state.answers[request.number] = request.answer
            }
            return request
        }
    }

    /// Nobody waits for it any more.
    func forget(_ request: Request) {
        state.withLock { _ = $0.answers.removeValue(forKey: request.number) }
    }

    /// An answer has come; the first one counts.
    func settle(_ number: UInt64, _ result: Result<Reply, any Error>) {
        state.withLock { $0.answers.removeValue(forKey: number) }?.open(result)
    }

    /// Waits for the answer; `cancelled` is called when the task is cancelled before.
    ///
    /// - Throws: what the request failed with, also the end of the incarnation; `CancellationError`.
    nonisolated(nonsending) func answer(
        to request: Request, cancelled: @Sendable () -> Void = {}
    ) async throws -> Reply {
        defer { forget(request) }
        return try await withTaskCancellationHandler {
            try await request.answer.value
        } onCancel: {
            // Before others hear of it: whatever is answered from here on is given to nobody.
            request.answer.open(.failure(CancellationError()))
            cancelled()
        }
    }

    /// The incarnation has ended: whoever waits is told with this error.
    func end(with error: RemoteCallError) {
        let answers = state.withLock { state in
            state.end = error
            defer { state.answers = [:] }
            return state.answers.values
        }
        for answer in answers { answer.open(.failure(error)) }
    }

    /// Waits for the end of the incarnation; nil when the task is cancelled.
    nonisolated(nonsending) func waitForEnd() async -> RemoteCallError? {
        do {
            // A request that nobody is sent has no other answer.
            _ = try await answer(to: begin())
            return nil
        } catch {
            return error as? RemoteCallError
        }
    }
}
