internal import Synchronization

/// How the inputs of a map are given to the pool.
@usableFromInline
struct PoolRunPlan: Sendable {
    @usableFromInline var isOrdered: Bool
    /// How many inputs may be ahead of what was taken out; nil for as many as keep the processes busy.
    @usableFromInline var window: Int?
    @usableFromInline var chunking: PoolChunking
    @usableFromInline var attempts: Int?

    @usableFromInline
    init(isOrdered: Bool, window: Int?, chunking: PoolChunking, attempts: Int?) {
        precondition(window ?? 1 > 0, "a window has room for something")
        precondition(attempts ?? 1 > 0, "a task is tried at least once")
        if case .size(let size) = chunking { precondition(size > 0, "a chunk has at least one task") }
        self.isOrdered = isOrdered
        self.window = window
        self.chunking = chunking
        self.attempts = attempts
    }
}

/// Results of tasks that follow each other in the sequence.
@usableFromInline
struct PoolBatch<Output: Codable & Sendable>: Sendable {
    /// The place of the first in the sequence.
    @usableFromInline var first: Int
    @usableFromInline var values: [Output]
    /// The task behind them that failed.
    @usableFromInline var failure: (any Error)?

    var count: Int { values.count + (failure == nil ? 0 : 1) }
}

/// One map through a pool: which inputs are under way, and which results have come.
///
/// Inputs of a sequence are pulled by whoever takes results out, and only as many as the window has room for.
@usableFromInline
final class PoolRun<Worker: PoolWorker>: Sendable {
    @usableFromInline typealias Batch = PoolBatch<Worker.Output>
    typealias Submission = PoolSubmission<Worker>

    private struct State {
        /// How many inputs have been given to the pool, or gathered for it.
        var pulled = 0
        /// How many results have been taken out and used.
        var consumed = 0
        /// How many have been taken out.
        var handedOut = 0
        var isAtEnd = false
        var inputError: (any Error)?
        /// Results by the place of the first; of an ordered run those that are not due, too.
        var batches: [Int: Batch] = [:]
        /// Of an unordered run: the places of the batches in the order they came.
        var arrived: [Int] = []
        var arrivedHead = 0
        var open: [Int: (submission: Submission, left: Int)] = [:]
        var isCancelled = false
        var reader: CheckedContinuation<Void, Never>?
        /// What comes by itself: gathered until it is worth a message, or somebody is idle.
        var gathered: [Worker.Input] = []
        var feeder: CheckedContinuation<Void, Never>?
        var feeding: Task<Void, Never>?
    }

    private let service: any PoolService<Worker>
    private let plan: PoolRunPlan
    private let state = Mutex(State())

    @usableFromInline
    init(_ pool: ActorPool<Worker>, _ plan: PoolRunPlan) {
        service = pool.service
        self.plan = plan
    }

    // MARK: Inputs

    /// How many inputs are given to a worker together.
    private var chunk: Int {
        switch plan.chunking {
        case .size(let size): plan.window.map { min(size, $0) } ?? size
        // Twice as many chunks as places: one is served while the next waits.
        case .automatic:
            plan.window.map { min(service.automaticChunk, max(1, $0 / (2 * service.places))) }
                ?? service.automaticChunk
        }
    }

    private func window(_ chunk: Int) -> Int { plan.window ?? chunk * (2 * service.places + 1) }

    /// How many inputs to pull now; nil for none.
    @usableFromInline
    func room() -> Int? {
        let chunk = chunk
        let window = window(chunk)
        return state.withLock { state in
            state.consumed = state.handedOut
            if state.isAtEnd || state.isCancelled { return nil }
            let room = window - (state.pulled - state.consumed)
            return room >= min(chunk, window) ? min(chunk, room) : nil
        }
    }

    /// Gives inputs to the pool; after the last ones there are no more.
    @usableFromInline
    func submit(_ inputs: [Worker.Input], isAtEnd: Bool) {
        let submission = state.withLock { state -> Submission? in
            if isAtEnd { state.isAtEnd = true }
            if inputs.isEmpty || state.isCancelled { return nil }
            state.pulled += inputs.count
            return makeSubmission(inputs, first: state.pulled - inputs.count, &state)
        }
        if let submission { begin(submission) }
    }

    private func makeSubmission(_ inputs: [Worker.Input], first: Int, _ state: inout State) -> Submission {
        // The run lives as long as its submissions, which end with it.
        let submission = Submission(inputs, attempts: plan.attempts, isFlexible: plan.chunking == .automatic)
        {
            [weak self] offset, outcomes in self?.deliver(outcomes, first: first + offset, of: first)
        }
        state.open[first] = (submission, inputs.count)
        return submission
    }

    private func begin(_ submission: Submission) {
        service.submit(submission)
        // Cancelled between being made and being given to the pool: nobody else has seen it there.
        if state.withLock({ $0.isCancelled }) { _ = service.abandon(submission) }
    }

    // MARK: Results

    private func deliver(_ outcomes: Submission.Outcomes, first: Int, of chunk: Int) {
        let (reader, submission) = state.withLock {
            state -> (CheckedContinuation<Void, Never>?, Submission?) in
            if state.isCancelled { return (nil, nil) }
            for batch in Self.batches(outcomes, first) {
                state.batches[batch.first] = batch
                if !plan.isOrdered { state.arrived.append(batch.first) }
            }
            if let open = state.open[chunk] {
                state.open[chunk] =
                    open.left > outcomes.count ? (open.submission, open.left - outcomes.count) : nil
            }
            // Somebody is idle now: what was gathered is better begun than made more.
            let gathered = state.gathered.isEmpty ? nil : takeGathered(&state)
            return (isDue(state) ? state.reader.take() : nil, gathered)
        }
        reader?.resume()
        if let submission { begin(submission) }
    }

    private static func batches(_ outcomes: Submission.Outcomes, _ first: Int) -> [Batch] {
        switch outcomes {
        case .values(let values): return [Batch(first: first, values: values)]
        case .results(let results):
            var batches: [Batch] = []
            var batch = Batch(first: first, values: [])
            for (offset, result) in results.enumerated() {
                switch result {
                case .success(let value): batch.values.append(value)
                case .failure(let error):
                    batch.failure = error
                    batches.append(batch)
                    batch = Batch(first: first + offset + 1, values: [])
                }
            }
            if !batch.values.isEmpty { batches.append(batch) }
            return batches
        }
    }

    /// Whether there is something for the reader.
    private func isDue(_ state: State) -> Bool {
        if state.isCancelled { return true }
        if state.isAtEnd && state.gathered.isEmpty && state.handedOut == state.pulled { return true }
        return plan.isOrdered
            ? state.batches[state.handedOut] != nil : state.arrivedHead < state.arrived.count
    }

    /// The next results; nil after the last.
    @usableFromInline
    func next() async throws -> Batch? {
        if let batch = takeNow() { return try checked(batch) }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayWait = state.withLock { state in
                    if isDue(state) { return false }
                    state.reader = continuation
                    return true
                }
                if !mayWait { continuation.resume() }
            }
        } onCancel: {
            cancel()
        }
        return try checked(takeNow())
    }

    private func checked(_ batch: Batch?) throws -> Batch? {
        if let batch { return batch }
        if Task.isCancelled {
            cancel()
            throw CancellationError()
        }
        if let error = state.withLock({ $0.inputError.take() }) { throw error }
        return nil
    }

    private func takeNow() -> Batch? {
        state.withLock { state -> Batch? in
            if state.isCancelled { return nil }
            let batch: Batch?
            if plan.isOrdered {
                batch = state.batches.removeValue(forKey: state.handedOut)
            } else if state.arrivedHead < state.arrived.count {
                batch = state.batches.removeValue(forKey: state.arrived[state.arrivedHead])
                state.arrivedHead += 1
                if state.arrivedHead == state.arrived.count {
                    state.arrived.removeAll(keepingCapacity: true)
                    state.arrivedHead = 0
                }
            } else {
                batch = nil
            }
            state.handedOut += batch?.count ?? 0
            return batch
        }
    }

    /// Ends it: what is under way is cancelled, and nothing more comes.
    @usableFromInline
    func cancel() {
        let (open, reader, feeder, feeding) = state.withLock { state in
            state.isCancelled = true
            defer {
                state.open = [:]
                state.batches = [:]
                state.arrived = []
                state.arrivedHead = 0
                state.gathered = []
            }
            return (state.open.values, state.reader.take(), state.feeder.take(), state.feeding.take())
        }
        feeding?.cancel()
        for (submission, _) in open { _ = service.abandon(submission) }
        reader?.resume()
        feeder?.resume()
    }
}

// MARK: Inputs that come by themselves

extension PoolRun {
    /// Takes in what comes by itself, in a task of its own.
    @usableFromInline
    func start(_ feed: @escaping PoolFeed<Worker.Input>) {
        state.withLock { state in
            if state.isCancelled { return }
            state.feeding = Task.detached { [weak self] in
                var failure: (any Error)?
                do {
                    try await feed { [weak self] input in await self?.accept(input) ?? false }
                } catch {
                    failure = error
                }
                self?.feedEnded(failure)
            }
        }
    }

    /// Takes an input, and waits until there is room for another; says whether one is wanted.
    private func accept(_ input: Worker.Input) async -> Bool {
        let chunk = chunk
        let submission = state.withLock { state -> Submission? in
            if state.isCancelled { return nil }
            state.gathered.append(input)
            state.pulled += 1
            // Before that it goes as soon as somebody has nothing to do.
            let isIdle = state.open.count < service.places
            return isIdle || state.gathered.count >= chunk ? takeGathered(&state) : nil
        }
        if let submission { begin(submission) }
        await withCheckedContinuation { continuation in
            let goesOn = state.withLock { state in
                if state.isCancelled || hasRoom(state, chunk) { return true }
                state.feeder = continuation
                return false
            }
            if goesOn { continuation.resume() }
        }
        return state.withLock { !$0.isCancelled }
    }

    private func hasRoom(_ state: borrowing State, _ chunk: Int) -> Bool {
        state.pulled - state.consumed < window(chunk)
    }

    private func takeGathered(_ state: inout State) -> Submission {
        let inputs = state.gathered
        state.gathered = []
        return makeSubmission(inputs, first: state.pulled - inputs.count, &state)
    }

    /// Tells whoever brings inputs that results have been taken out.
    @usableFromInline
    func consumed() {
        let chunk = chunk
        let feeder = state.withLock { state in
            state.consumed = state.handedOut
            return hasRoom(state, chunk) ? state.feeder.take() : nil
        }
        feeder?.resume()
    }

    private func feedEnded(_ error: (any Error)?) {
        let (submission, reader) = state.withLock {
            state -> (Submission?, CheckedContinuation<Void, Never>?) in
            state.isAtEnd = true
            state.inputError = error
            let submission = state.gathered.isEmpty || state.isCancelled ? nil : takeGathered(&state)
            return (submission, isDue(state) ? state.reader.take() : nil)
        }
        if let submission { begin(submission) }
        reader?.resume()
    }
}
