internal import RoostPlatform

/// Counts restarts against an intensity: drop those older than the period, add this one, compare.
struct RestartTracker {
    let intensity: RestartIntensity
    /// The oldest first.
    private var moments: [Monotonic] = []

    init(_ intensity: RestartIntensity) {
        self.intensity = intensity
    }

    /// Notes a restart.
    ///
    /// Returns which one of the period it is, or nil when that is too many.
    mutating func restart(at now: Monotonic) -> Int? {
        // Not all are looked at: there may be thousands, which count still.
        moments.removeFirst(moments.prefix { $0.duration(to: now) > intensity.period }.count)
        moments.append(now)
        return moments.count <= intensity.restarts ? moments.count : nil
    }
}
