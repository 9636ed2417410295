internal import RoostPlatform

/// Whether an actor is started again after it ended.
///
/// The words are OTP's.
public enum Restart: Hashable, Sendable, Codable {
    /// Always, whatever the reason.
    case permanent
    /// Only after an abnormal end: anything but `.normal` and `.shutdown`.
    case transient
    /// Never.
    case temporary

    func applies(after reason: ExitReason) -> Bool {
        switch self {
        case .permanent: true
        case .transient: !reason.isNormal
        case .temporary: false
        }
    }
}

/// How often an actor may be restarted before its supervisor gives up: OTP's restart intensity.
public struct RestartIntensity: Hashable, Sendable, Codable {
    /// The number of restarts that are still accepted.
    public var restarts: Int
    /// The time in which they are counted.
    public var period: Duration

    /// At most `restarts` restarts within `period`.
    ///
    /// The default for spawned actors is 10 within 60 seconds.
    public init(restarts: Int = 10, within period: Duration = .seconds(60)) {
        precondition(restarts >= 0, "a number of restarts cannot be negative")
        precondition(period > .zero, "the period of a restart intensity must be longer than nothing")
        self.restarts = restarts
        self.period = period
    }

    /// Reads what another process has written; throws what the initialiser would not have taken.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        restarts = try container.decode(Int.self, forKey: .restarts)
        period = try container.decode(Duration.self, forKey: .period)
        try decoder.check(restarts >= 0 && period > .zero, "a restart intensity that means nothing")
    }
}

/// How long to wait before a restart, so that an actor that cannot run does not take the machine with it.
public struct Backoff: Hashable, Sendable, Codable {
    /// The delay before the second restart within the intensity's period; the first is at once.
    public var initial: Duration
    /// No delay is longer.
    public var maximum: Duration
    /// Each delay is multiplied by up to this much more or less, so that actors do not restart in step.
    public var jitter: Double

    /// The first restart at once, then `initial`, doubling to `maximum`, ±`jitter`.
    public init(
        initial: Duration = .milliseconds(10), maximum: Duration = .seconds(5), jitter: Double = 0.2
    ) {
        precondition(initial >= .zero && maximum >= initial, "a backoff grows from its initial delay")
        precondition((0...1).contains(jitter), "jitter is a share between 0 and 1")
        self.initial = initial
        self.maximum = maximum
        self.jitter = jitter
    }

    /// Reads what another process has written; throws what the initialiser would not have taken.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        initial = try container.decode(Duration.self, forKey: .initial)
        maximum = try container.decode(Duration.self, forKey: .maximum)
        jitter = try container.decode(Double.self, forKey: .jitter)
        let isSound = initial >= .zero && maximum >= initial && (0...1).contains(jitter)
        try decoder.check(isSound, "a backoff that means nothing")
    }

    /// Every restart at once.
    public static let none = Backoff(initial: .zero, maximum: .zero, jitter: 0)

    /// The delay before the `count`-th restart of the period; `random` is between 0 and 1.
    func delay(beforeRestart count: Int, random: Double) -> Duration {
        guard count > 1, initial > .zero else { return .zero }
        var delay = initial
        for _ in 0..<min(count - 2, 62) where delay < maximum {
            delay = delay < maximum / 2 ? delay * 2 : maximum
        }
        let factor = 1 + jitter * (2 * random - 1)
        // Within what an `Int64` can say: 9e18 ns are 285 years.
        return min(.nanoseconds(Int64(min(Double(delay.clampedNanoseconds) * factor, 9e18))), maximum)
    }
}
