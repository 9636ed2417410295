internal import Synchronization

/// A task that was given to an ``ActorPool``: its outcome, and the way to cancel it.
///
/// ```swift
/// let task = try await pool.submit(42)
/// print(try await task.value)
/// ```
/// A task goes on whether or not anybody waits for it or refers to this.
public final class PoolTask<Output: Codable & Sendable>: Sendable {
    /// How far a task is.
    public enum State: Sendable, Hashable, Codable {
        /// No worker has been given it yet.
        case waiting
        /// A worker has been given it.
        case running
        /// It has returned.
        case finished
        /// It has thrown, or come to nothing.
        case failed
        /// It was cancelled first.
        case cancelled
    }

    private struct Guarded {
        var outcome: Result<Output, any Error>?
        var isCancelled = false
        var waiters: [Int: CheckedContinuation<Result<Output, any Error>, Never>] = [:]
        var lastWaiter = 0
        var timer: Task<Void, Never>?
        var abandon: (@Sendable () -> Bool)?
        var hasBegun: (@Sendable () -> Bool)?
    }

    private let guarded = Mutex(Guarded())

    init() {}

    /// How far the task is.
    public var state: State {
        guarded.withLock { guarded in
            switch guarded.outcome {
            case .success?: .finished
            case .failure?: guarded.isCancelled ? .cancelled : .failed
            case nil: guarded.hasBegun?() == true ? .running : .waiting
            }
        }
    }

    /// What the task returned; waits until it has.
    ///
    /// Cancelling the task that waits ends the wait, and not this task.
    ///
    /// - Throws: what `perform` threw; ``PoolError``; ``RemoteCallError`` when the input or the result could not be
    ///   sent; `CancellationError` when this task was cancelled, or the one that waits.
    public var value: Output {
        get async throws { try await result.get() }
    }

    private var result: Result<Output, any Error> {
        get async {
            if let outcome = guarded.withLock({ $0.outcome }) { return outcome }
            let number = guarded.withLock { guarded in
                guarded.lastWaiter += 1
                return guarded.lastWaiter
            }
            return await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let outcome: Result<Output, any Error>? = guarded.withLock { guarded in
                        if let outcome = guarded.outcome { return outcome }
                        if Task.isCancelled { return .failure(CancellationError()) }
                        guarded.waiters[number] = continuation
                        return nil
                    }
                    if let outcome { continuation.resume(returning: outcome) }
                }
            } onCancel: {
                guarded.withLock { $0.waiters.removeValue(forKey: number) }?
                    .resume(returning: .failure(CancellationError()))
            }
        }
    }

    /// Cancels the task: it fails at once with `CancellationError`; nothing happens if it has its outcome.
    ///
    /// While it is being served, its worker's task is cancelled too. When that has no effect within
    /// ``PoolOptions/cancellationGrace``, the worker's process is killed and replaced.
    public func cancel() {
        giveUp(CancellationError(), isCancelled: true)
    }

    // MARK: For the pool

    /// Joins it to what it stands for.
    func attach<Worker: PoolWorker>(
        _ submission: PoolSubmission<Worker>, in service: any PoolService<Worker>
    ) where Worker.Output == Output {
        guarded.withLock { guarded in
            guard guarded.outcome == nil else { return }
            guarded.abandon = { service.abandon(submission) }
            guarded.hasBegun = { submission.hasBegun.load(ordering: .relaxed) }
        }
    }

    /// Has it fail with `error` when it has no outcome after so long.
    func setDeadline(_ limit: Duration, _ error: PoolError) {
        guarded.withLock { guarded in
            guard guarded.outcome == nil else { return }
            guarded.timer = Task.detached { [self] in
                do { try await Task.sleep(for: limit) } catch { return }
                giveUp(error, isCancelled: false)
            }
        }
    }

    private func giveUp(_ error: any Error, isCancelled: Bool) {
        let abandon = guarded.withLock { $0.outcome == nil ? $0.abandon : nil }
        // Whoever takes the submission out of the pool gives the outcome.
        if let abandon, abandon() { finish(.failure(error), isCancelled: isCancelled) }
    }

    func finish(_ outcome: Result<Output, any Error>, isCancelled: Bool = false) {
        let (waiters, timer) = guarded.withLock { guarded in
            guarded.outcome = outcome
            guarded.isCancelled = isCancelled
            guarded.abandon = nil
            guarded.hasBegun = nil
            defer { guarded.waiters = [:] }
            return (guarded.waiters, guarded.timer.take())
        }
        timer?.cancel()
        for waiter in waiters.values { waiter.resume(returning: outcome) }
    }
}
