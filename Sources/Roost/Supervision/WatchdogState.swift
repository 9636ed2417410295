internal import RoostPlatform

/// Tells a process that computes without end from one that waits, or is stopped: decides, and leaves the
/// asking, looking and killing to the node.
///
/// The node asks, at regular looks, for a sign of life, which the actor gives whenever it is not computing.
/// What it finishes or calls progress meanwhile counts as well. When there has been neither for the limit,
/// the kernel is asked what the process is doing.
struct WatchdogState {
    let limit: Duration
    /// Since when a sign of life has been owed; nil when none is.
    private var owedSince: Monotonic?
    private var lastLook: Monotonic

    init(limit: Duration, at now: Monotonic) {
        self.limit = limit
        lastLook = now
    }

    /// The time from one look to the next.
    var interval: Duration { max(limit / 4, .milliseconds(10)) }

    enum LookedAction: Equatable {
        /// Ask the process for a sign of life.
        case ask
        /// The limit has passed: find out what the process is doing.
        case inspect
        case wait
    }

    mutating func looked(at now: Monotonic) -> LookedAction {
        // The node itself was held up: what it has not read may be the sign of life.
        let isLate = lastLook.duration(to: now) > interval * 2
        lastLook = now
        guard let since = owedSince else {
            owedSince = now
            return .ask
        }
        if isLate {
            owedSince = now
            return .wait
        }
        return since.duration(to: now) < limit ? .wait : .inspect
    }

    /// It gave the sign of life it was asked for.
    mutating func answered() {
        owedSince = nil
    }

    /// It finished a message, or said that it gets on; the sign of life is still owed.
    mutating func progressed(at now: Monotonic) {
        if owedSince != nil { owedSince = now }
    }

    enum InspectedAction: Equatable {
        case kill
        case wait
    }

    mutating func inspected(_ state: ProcessStatus.State, at now: Monotonic) -> InspectedAction {
        switch state {
        case .alive: return .kill
        case .stopped:
            // Others see to that. When it is continued it has the whole limit again.
            owedSince = now
            return .wait
        case .ended: return .wait
        }
    }
}
