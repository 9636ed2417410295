internal import Synchronization

/// A watch over one incarnation of an actor.
///
/// It gives one notice; cancelled, it gives none.
public final class Watch: Sendable {
    private struct State {
        var answer: Answer?
        var readers: [Int: CheckedContinuation<Answer, Never>] = [:]
        var lastReader = 0
        var canceller: (@Sendable () -> Void)?
    }

    private enum Answer {
        case told(ExitReason)
        case cancelled
    }

    private let state = Mutex(State())

    init() {}

    /// Why the incarnation ended; waits until it has.
    ///
    /// - Throws: `CancellationError` when the watch was cancelled, or the task that waits.
    public var value: ExitReason {
        get async throws {
            let number = state.withLock { state in
                state.lastReader += 1
                return state.lastReader
            }
            let answer = await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let answer: Answer? = state.withLock { state in
                        if let answer = state.answer { return answer }
                        if Task.isCancelled { return .cancelled }
                        state.readers[number] = continuation
                        return nil
                    }
                    if let answer { continuation.resume(returning: answer) }
                }
            } onCancel: {
                // Only this reader stops waiting; the watch goes on.
                state.withLock { $0.readers.removeValue(forKey: number) }?.resume(returning: .cancelled)
            }
            guard case .told(let reason) = answer else { throw CancellationError() }
            return reason
        }
    }

    /// Ends the watch.
    ///
    /// No notice comes after this, also not one that was under way or has not been read.
    public func cancel() {
        state.withLock { $0.canceller.take() }?()
        end(.cancelled)
    }

    /// Has `action` called when the watch is cancelled, which it may have been already.
    func onCancel(_ action: @escaping @Sendable () -> Void) {
        let isCancelled = state.withLock { state in
            if case .cancelled? = state.answer { return true }
            state.canceller = action
            return false
        }
        if isCancelled { action() }
    }

    func deliver(_ reason: ExitReason) {
        end(.told(reason))
    }

    private func end(_ answer: Answer) {
        let readers: [CheckedContinuation<Answer, Never>] = state.withLock { state in
            // What was told may still be cancelled; what was cancelled is never told.
            if case .cancelled? = state.answer { return [] }
            if case .told = answer, state.answer != nil { return [] }
            state.answer = answer
            defer { state.readers = [:] }
            return Array(state.readers.values)
        }
        for reader in readers { reader.resume(returning: answer) }
    }
}
