internal import Glibc

/// Nanoseconds on the machine's monotonic clock: one clock for every process on it, so an absolute
/// deadline means the same on both sides of a socket.
public struct Monotonic: Comparable, Hashable, Sendable {
    /// Since an arbitrary start, the same for all processes of the machine.
    public var nanoseconds: UInt64

    /// The moment so many nanoseconds after the start.
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// The present moment.
    public static var now: Monotonic {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Monotonic(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
    }

    /// Later than any moment that comes.
    public static let distantFuture = Monotonic(nanoseconds: .max)

    /// Whether `a` is earlier than `b`.
    public static func < (a: Monotonic, b: Monotonic) -> Bool { a.nanoseconds < b.nanoseconds }

    /// The moment `duration` later; the last or first there is when it would be beyond.
    public func advanced(by duration: Duration) -> Monotonic {
        let amount = duration.clampedNanoseconds
        if amount >= 0 {
            let (sum, overflow) = nanoseconds.addingReportingOverflow(UInt64(amount))
            return overflow ? .distantFuture : Monotonic(nanoseconds: sum)
        }
        return Monotonic(nanoseconds: nanoseconds - min(nanoseconds, UInt64(-amount)))
    }

    /// The time from this moment to `other`; negative when that is earlier.
    public func duration(to other: Monotonic) -> Duration {
        .nanoseconds(Int64(clamping: Int128(other.nanoseconds) - Int128(nanoseconds)))
    }
}

extension Duration {
    /// The duration in whole nanoseconds, held within what 64 bits can say (292 years).
    public var clampedNanoseconds: Int64 {
        // Not its components: the longest have more seconds than an `Int64` can say.
        let nanoseconds = attoseconds / 1_000_000_000
        // One more than the least, so that it can be negated.
        return max(Int64(clamping: nanoseconds), .min + 1)
    }
}
