package import RoostPlatform

/// Time that moves only when a test moves it, for state machines that are told what time it is.
public struct ManualClock: Sendable {
    /// How long ago the test began, as far as the machine can tell.
    public private(set) var elapsed: Duration = .zero

    /// Starts at zero.
    public init() {}

    /// Lets time pass.
    public mutating func advance(by duration: Duration) {
        precondition(duration >= .zero, "time does not run backwards")
        elapsed += duration
    }

    /// The moment, in the terms of the state machines.
    package var now: Monotonic {
        Monotonic(nanoseconds: 1_000_000_000).advanced(by: elapsed)
    }
}
