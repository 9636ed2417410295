internal import RoostPlatform

/// Counts restarts against an intensity: drop those older than the period, add this one, compare.
struct RestartTracker {
    let intensity: RestartIntensity
    private var moments: [Monotonic] = []

    init(_ intensity: RestartIntensity) {
        self.intensity = intensity
    }

    /// Notes a restart.
    ///
    /// Returns which one of the period it is, or nil when that is too many.
    mutating func restart(at now: Monotonic) -> Int? {
        moments.removeAll { $0.duration(to: now) > intensity.period }
        moments.append(now)
        return moments.count <= intensity.restarts ? moments.count : nil
    }
}
