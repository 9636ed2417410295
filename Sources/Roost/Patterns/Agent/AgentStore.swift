internal import Synchronization

/// Where an agent keeps its state, and its watchers wait for changes.
final class AgentStore<State: Sendable>: Sendable {
    private struct Content {
        var state: AgentState<State>
        /// By the watcher's number; each waits once at a time.
        var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
    }

    private let content: Mutex<Content>

    init(_ initial: State) {
        content = Mutex(Content(state: AgentState(initial)))
    }

    /// The state, and how many updates have led to it.
    var now: (value: State, updates: Int) {
        content.withLock { ($0.state.value, $0.state.updates) }
    }

    var updates: Int { content.withLock { $0.state.updates } }

    func apply<U: AgentUpdate>(
        _ update: U, ifAfter expected: Int? = nil
    ) throws -> U.Result where U.State == State {
        var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
        let result = try content.withLock { content in
            let result = try content.state.apply(update, ifAfter: expected)
            if !content.waiting.isEmpty { swap(&waiting, &content.waiting) }
            return result
        }
        for waiter in waiting.values { waiter.resume(returning: true) }
        return result
    }

    /// Returns when there have been more than so many updates.
    ///
    /// - Throws: `CancellationError` when the task is cancelled, or the watcher forgotten.
    func change(after updates: Int, for watcher: Int) async throws {
        let hasChanged = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = content.withLock { content in
                    if Task.isCancelled { return false }
                    if content.state.updates != updates { return true }
                    content.waiting[watcher] = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            forget(watcher)
        }
        if !hasChanged { throw CancellationError() }
    }

    /// The watcher waits no longer.
    func forget(_ watcher: Int) {
        content.withLock { $0.waiting.removeValue(forKey: watcher) }?.resume(returning: false)
    }
}
