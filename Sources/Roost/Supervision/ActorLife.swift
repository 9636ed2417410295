internal import RoostPlatform

/// The life of a spawned actor across its incarnations: decides, and leaves the doing to the node.
///
/// | phase     | ready     | process ended                        | backoff over | stop            |
/// |-----------|-----------|--------------------------------------|--------------|-----------------|
/// | starting  | → running | first: the start fails; later: as in running | –    | → stopping      |
/// | running   | –         | → waiting, or → ended                | –            | → stopping      |
/// | waiting   | –         | –                                    | → starting   | → ended         |
/// | stopping  | –         | → ended                              | –            | –               |
/// | ended     | –         | –                                    | –            | –               |
struct ActorLife {
    enum Phase: Equatable {
        case starting
        case running
        case waiting
        case stopping
        case ended(ExitReason)
    }

    let restart: Restart
    let backoff: Backoff
    private var tracker: RestartTracker
    private(set) var phase = Phase.starting
    private(set) var incarnation = 1
    private var hasRun = false
    /// A supervisor decides what follows an end; without one, this does.
    var isSupervised = false

    init(restart: Restart, intensity: RestartIntensity, backoff: Backoff) {
        self.restart = restart
        self.backoff = backoff
        tracker = RestartTracker(intensity)
    }

    /// Whether its process is the one to talk to.
    ///
    /// One that stops refuses messages by itself, but for calls on behalf of its last one.
    var takesConnections: Bool { phase == .running || phase == .stopping }

    enum ReadyAction: Equatable {
        /// The first incarnation takes messages: the start has succeeded.
        case started
        /// A later incarnation takes messages.
        case restarted
        /// It is being stopped: nothing changes.
        case ignored
    }

    mutating func ready() -> ReadyAction {
        guard phase == .starting else { return .ignored }
        phase = .running
        defer { hasRun = true }
        return hasRun ? .restarted : .started
    }

    enum EndedAction: Equatable {
        /// It never ran: whoever started it gets the error, and nothing is kept.
        case startFailed
        case restart(after: Duration)
        /// It stays dead, as its restart type says or because it was stopped.
        case ended(ExitReason)
        /// It stays dead because it was restarted too often.
        case gaveUp(ExitReason)
        /// Its supervisor decides; whether the incarnation had been ready.
        case toSupervisor(hadStarted: Bool)
        case ignored
    }

    /// The incarnation's process is gone.
    ///
    /// `random`, between 0 and 1, is for the backoff's jitter.
    mutating func processEnded(_ reason: ExitReason, at now: Monotonic, random: Double) -> EndedAction {
        if isSupervised { return endedSupervised() }
        switch phase {
        case .ended, .waiting:
            return .ignored
        case .stopping:
            return end(hasRun ? .ended(reason) : .startFailed, reason)
        case .starting where !hasRun:
            return end(.startFailed, reason)
        case .starting, .running:
            guard restart.applies(after: reason) else { return end(.ended(reason), reason) }
            guard let count = tracker.restart(at: now) else { return end(.gaveUp(reason), reason) }
            phase = .waiting
            return .restart(after: backoff.delay(beforeRestart: count, random: random))
        }
    }

    private mutating func endedSupervised() -> EndedAction {
        switch phase {
        case .ended, .waiting: return .ignored
        case .starting, .running, .stopping:
            defer { phase = .waiting }
            return .toSupervisor(hadStarted: phase == .running || (phase == .stopping && hasRun))
        }
    }

    /// The delay before a restart is over, or its supervisor wants it; true when the next incarnation is to be started.
    mutating func backoffElapsed() -> Bool {
        guard phase == .waiting else { return false }
        phase = .starting
        incarnation += 1
        return true
    }

    enum StopAction: Equatable {
        /// Its process is asked to end.
        case stopProcess
        /// There was none: it has ended.
        case ended(ExitReason)
        /// It is stopping or has ended already.
        case ignored
    }

    mutating func stopRequested() -> StopAction {
        switch phase {
        case .starting, .running:
            phase = .stopping
            return .stopProcess
        case .waiting:
            phase = .ended(.shutdown)
            return .ended(.shutdown)
        case .stopping, .ended:
            return .ignored
        }
    }

    private mutating func end(_ action: EndedAction, _ reason: ExitReason) -> EndedAction {
        phase = .ended(reason)
        return action
    }
}
