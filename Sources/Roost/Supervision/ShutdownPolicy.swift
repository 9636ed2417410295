/// How long an actor that is stopped has to end by itself.
///
/// The choices are OTP's: `brutal_kill`, a timeout, and `infinity`.
public enum ShutdownPolicy: Hashable, Sendable, Codable {
    /// It is asked, and has this long to finish its message and end.
    ///
    /// Then its process gets SIGTERM, and, unless that ends it, SIGKILL after as long again, or after
    /// one second where that is shorter. Either way the exit reason is `.killed(by: .shutdownTimeout)`.
    case within(Duration)
    /// It is not asked: its process gets SIGKILL at once.
    ///
    /// The exit reason is `.killed(by: .shutdownTimeout)`: the time it had was none.
    case kill
    /// It is asked, and has as long as it takes.
    case infinity
}

/// The way of one process that is being stopped, from the request to its end: decides, and leaves the
/// doing to the node.
///
/// | step       | requested             | time over             | ended   |
/// |------------|-----------------------|-----------------------|---------|
/// | untouched  | → asked, or → killed  | –                     | → ended |
/// | asked      | –                     | → terminated          | → ended |
/// | terminated | –                     | → killed              | → ended |
/// | killed     | –                     | –                     | → ended |
/// | ended      | –                     | –                     | –       |
struct StopSequence {
    enum Step: Equatable {
        case untouched
        case asked
        case terminated
        case killed
        case ended
    }

    let policy: ShutdownPolicy
    private(set) var step = Step.untouched

    init(_ policy: ShutdownPolicy) {
        self.policy = policy
    }

    enum RequestedAction: Equatable {
        /// Ask the process to end, and come back when the time is over; nil: never.
        case ask(limit: Duration?)
        case kill
        /// It is on its way already.
        case ignored
    }

    mutating func requested() -> RequestedAction {
        guard step == .untouched else { return .ignored }
        switch policy {
        case .kill:
            step = .killed
            return .kill
        case .within(let limit):
            step = .asked
            return .ask(limit: limit)
        case .infinity:
            step = .asked
            return .ask(limit: nil)
        }
    }

    enum TimeOverAction: Equatable {
        /// Send SIGTERM, which may be handled, and come back after the grace.
        case terminate(grace: Duration)
        case kill
        case ignored
    }

    mutating func timeOver() -> TimeOverAction {
        switch (step, policy) {
        case (.asked, .within(let limit)):
            step = .terminated
            return .terminate(grace: min(.seconds(1), limit))
        case (.terminated, _):
            step = .killed
            return .kill
        case (.untouched, _), (.asked, _), (.killed, _), (.ended, _):
            return .ignored
        }
    }

    /// The process is gone: nothing more is done to its number, which may soon be another's.
    mutating func ended() {
        step = .ended
    }
}
