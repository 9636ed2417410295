internal import Distributed
internal import Synchronization

/// Where other processes use a pool: an actor of the process that the pool belongs to.
///
/// Calls wait here while their tasks are served; it is reentrant so that many can.
distributed actor PoolDesk<Worker: PoolWorker, Input, Output>: ProcessActor
where Worker.Input == Input, Worker.Output == Output {
    static var reentrancy: Reentrancy { .reentrant }

    private let core: PoolCore<Worker>?

    init(_ core: PoolCore<Worker>, actorSystem: ProcessActorSystem) {
        self.actorSystem = actorSystem
        self.core = core
    }

    /// A desk of no pool: it is not meant to be spawned.
    init(actorSystem: ProcessActorSystem) {
        self.actorSystem = actorSystem
        core = nil
    }

    private func pool() throws -> PoolCore<Worker> {
        guard let core else { throw PoolError(.stopped, pool: id.name) }
        return core
    }

    /// Has the tasks served, and reports on all of them.
    ///
    /// With a limit of 0 the chunk is served as it is; otherwise it may be divided.
    distributed func serve(_ chunk: PoolChunk<Input>, attempts: Int?) async throws -> PoolReport<Output> {
        let core = try pool()
        let gathering = PoolGathering<Worker>(count: chunk.inputs.count)
        let submission = PoolSubmission<Worker>(
            chunk.inputs, attempts: attempts, isFlexible: chunk.limit > 0
        ) { gathering.add($1, at: $0) }
        core.submit(submission)
        return try await withTaskCancellationHandler {
            try await gathering.report()
        } onCancel: {
            if core.abandon(submission) { gathering.cancel() }
        }
    }

    /// Whether it is there.
    distributed func look() {}
    distributed func drain() async throws { try await pool().drain() }
    distributed func stop() async throws { try await pool().stop() }
    distributed func resize(to sizes: ClosedRange<Int>) async throws {
        try await pool().resize(to: .between(max(1, sizes.lowerBound), and: max(1, sizes.upperBound)))
    }
    distributed func statistics() async throws -> PoolStatistics { try await pool().statistics() }
}

/// Puts the outcomes of a submission together again.
private final class PoolGathering<Worker: PoolWorker>: Sendable {
    typealias Report = PoolReport<Worker.Output>

    private struct State {
        var results: [Result<Worker.Output, any Error>?]
        /// All of them, where they came together.
        var values: [Worker.Output]?
        var left: Int
        var isCancelled = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(State(results: [], left: count))
    }

    func add(_ outcomes: PoolSubmission<Worker>.Outcomes, at first: Int) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if case .values(let values) = outcomes, values.count == state.left, state.results.isEmpty {
                state.values = values
            } else {
                if state.results.isEmpty { state.results = Array(repeating: nil, count: state.left) }
                switch outcomes {
                case .values(let values):
                    for (offset, value) in values.enumerated() {
                        state.results[first + offset] = .success(value)
                    }
                case .results(let results):
                    for (offset, result) in results.enumerated() { state.results[first + offset] = result }
                }
            }
            state.left -= outcomes.count
            return state.left == 0 ? state.waiter.take() : nil
        }
        waiter?.resume()
    }

    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            return state.waiter.take()
        }?.resume()
    }

    /// The outcomes of all tasks, once there are.
    func report() async throws -> Report {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.left == 0 || state.isCancelled { return true }
                state.waiter = continuation
                return false
            }
            if isOver { continuation.resume() }
        }
        return try state.withLock { state in
            if state.isCancelled { throw CancellationError() }
            var report = Report(capacity: state.results.count)
            if let values = state.values {
                report.values = values
                report.count = values.count
            }
            for result in state.results {
                switch result {
                case .success(let value)?: report.append(value)
                case .failure(let error)?: report.append(error)
                case nil: break
                }
            }
            return report
        }
    }
}
