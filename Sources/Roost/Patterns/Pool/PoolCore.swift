internal import Distributed
internal import Synchronization

/// A pool in its own process: does what ``PoolState`` decides.
final class PoolCore<Worker: PoolWorker>: PoolService {
    typealias Submission = PoolSubmission<Worker>
    typealias PlaceActor = PoolPlace<Worker, Worker.Input, Worker.Output>

    /// A process, once it takes calls.
    struct Place {
        let actor: PlaceActor
        let ready: ContinuousClock.Instant
        let startTook: Duration
        var call: Task<Void, Never>?
        var working = Duration.zero
        var tasks = 0
    }

    struct Guarded {
        var state: PoolState
        /// What is to be done before what the state decides.
        var effects: [Effect] = []
        var submissions: [Int: Submission] = [:]
        var places: [Int: Place] = [:]
        var pace = PoolPace()
        var startError: SpawnError?
        /// Kept until the pool has stopped; it keeps the pool, so that a pool nobody refers to goes on.
        var desk: PoolDesk<Worker, Worker.Input, Worker.Output>?
        var isWarm = false
        var figures = PoolStatistics.Totals()
        var warmWaiters: [CheckedContinuation<Void, Never>] = []
        var drainWaiters: [CheckedContinuation<Void, Never>] = []
        var stopWaiters: [CheckedContinuation<Void, Never>] = []
    }

    /// What is done once the lock is let go.
    typealias Effect = @Sendable () -> Void

    let system: ProcessActorSystem
    let name: String
    /// Whether the name was given: then the places are named after it.
    let isNamed: Bool
    let arguments: Worker.Arguments
    let options: PoolOptions
    let guarded: Mutex<Guarded>

    init(
        system: ProcessActorSystem, name: String?, arguments: Worker.Arguments, size: PoolSize,
        options: PoolOptions
    ) {
        self.system = system
        self.name = name ?? "pool of \(_typeName(Worker.self, qualified: false))"
        isNamed = name != nil
        self.arguments = arguments
        self.options = options
        var rules = PoolState.Rules(sizes: size.range)
        rules.recycleAfter = options.recycleAfter
        rules.backoff = options.process.backoff
        guarded = Mutex(Guarded(state: PoolState(rules)))
    }

    // MARK: Deciding, and doing what was decided

    /// Tells the state of something, and does what follows from it.
    func act(about place: Int? = nil, _ event: (inout Guarded) -> [PoolState.Action]) {
        let effects = guarded.withLock { guarded in
            for action in event(&guarded) {
                if let effect = effect(of: action, &guarded) { guarded.effects.append(effect) }
            }
            if let place, guarded.state.index(of: place) == nil { guarded.places[place] = nil }
            defer { guarded.effects.removeAll() }
            return guarded.effects
        }
        for effect in effects { effect() }
    }

    private func effect(of action: PoolState.Action, _ guarded: inout Guarded) -> Effect? {
        switch action {
        case .start(let place): return { self.start(place) }
        case .serve(let assignment, let place):
            serve(assignment, at: place, &guarded)
            return nil
        case .cancelCall(let place):
            let call = guarded.places[place]?.call
            return { call?.cancel() }
        case .setGrace(let place, let assignment):
            return after(options.cancellationGrace) {
                $0.state.graceOver(place, assignment: assignment)
            }
        case .kill(let place): return ending(place, &guarded) { try? await $0.kill($1) }
        case .stop(let place): return ending(place, &guarded) { try? await $0.stop($1) }
        case .setRestartTimer(let delay): return after(delay) { $0.state.restartTimerOver() }
        case .setIdleTimer(let place, let assignment):
            return after(options.idleLimit) { $0.state.idleTimerOver(place, assignment: assignment) }
        case .fail(let span, let fate): return failing(span, fate, &guarded)
        case .warm:
            guarded.isWarm = true
            return waking(&guarded.warmWaiters)
        case .drained: return waking(&guarded.drainWaiters)
        case .stopped:
            let desk = guarded.desk.take()
            let effects = [
                waking(&guarded.warmWaiters), waking(&guarded.drainWaiters), waking(&guarded.stopWaiters),
            ]
            return {
                for effect in effects { effect() }
                withExtendedLifetime(desk) {}
            }
        }
    }

    private func waking(_ waiters: inout [CheckedContinuation<Void, Never>]) -> Effect {
        let woken = waiters
        waiters = []
        return { for waiter in woken { waiter.resume() } }
    }

    private func after(
        _ delay: Duration, _ event: @escaping @Sendable (inout Guarded) -> [PoolState.Action]
    ) -> Effect {
        {
            Task.detached { [weak self] in
                try? await Task.sleep(for: delay)
                self?.act(event)
            }
        }
    }

    private func ending(
        _ place: Int, _ guarded: inout Guarded,
        _ end: @escaping @Sendable (ProcessActorSystem, PlaceActor) async -> Void
    ) -> Effect? {
        guard let actor = guarded.places[place]?.actor else { return nil }
        return { [system] in Task.detached { await end(system, actor) } }
    }

    // MARK: What is asked

    func keep(_ desk: PoolDesk<Worker, Worker.Input, Worker.Output>) {
        guarded.withLock { $0.desk = desk }
    }

    var places: Int { guarded.withLock { $0.state.target } }

    var automaticChunk: Int { guarded.withLock { $0.pace.chunk } }

    func submit(_ submission: Submission) {
        act { guarded in
            guarded.submissions[submission.number] = submission
            guarded.figures.submitted += submission.inputs.count
            return guarded.state.submitted(
                submission.number, count: submission.inputs.count,
                attempts: submission.attempts ?? options.attempts, isBatchable: submission.isFlexible)
        }
    }

    func abandon(_ submission: Submission) -> Bool {
        var wasOpen = false
        act { guarded in
            wasOpen = guarded.submissions.removeValue(forKey: submission.number) != nil
            return wasOpen ? guarded.state.abandoned(submission.number) : []
        }
        return wasOpen
    }

    /// Starts the first processes; returns when they are ready.
    func warmUp() async throws {
        await withCheckedContinuation { continuation in
            act { guarded in
                guarded.warmWaiters.append(continuation)
                return guarded.state.start()
            }
        }
        let (isWarm, startError) = guarded.withLock { ($0.isWarm, $0.startError) }
        if isWarm { return }
        if let startError { throw startError }
        throw PoolError(.unavailable, pool: name)
    }

    func drain() async {
        await withCheckedContinuation { continuation in
            act { guarded in
                guarded.drainWaiters.append(continuation)
                return guarded.state.drain()
            }
        }
    }

    func stop() async {
        await withCheckedContinuation { continuation in
            act { guarded in
                guarded.stopWaiters.append(continuation)
                return guarded.state.mode == .stopped ? [.stopped] : guarded.state.stop()
            }
        }
    }

    func resize(to size: PoolSize) async {
        act { $0.state.resize(to: size.range) }
    }

    // MARK: Outcomes

    private func failing(
        _ span: PoolSpan, _ fate: PoolState.PoolFate, _ guarded: inout Guarded
    ) -> Effect? {
        guard let submission = guarded.submissions[span.ticket] else { return nil }
        if guarded.state.tickets[span.ticket] == nil { guarded.submissions[span.ticket] = nil }
        guarded.figures.failed += span.count
        let error = error(fate, span, guarded)
        return { submission.fail(span.range, error) }
    }

    private func error(_ fate: PoolState.PoolFate, _ span: PoolSpan, _ guarded: Guarded) -> PoolError {
        switch fate {
        case .died(let reason, let place):
            PoolError(
                .workerDied, pool: name, worker: guarded.places[place]?.actor.id.name, exitReason: reason,
                attempts: max(span.deaths, span.misses))
        case .unavailable: PoolError(.unavailable, pool: name, startError: guarded.startError)
        case .stopped(let reason): PoolError(.stopped, pool: name, exitReason: reason)
        }
    }
}
