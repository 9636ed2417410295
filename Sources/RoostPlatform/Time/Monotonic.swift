internal import Glibc

/// Nanoseconds on the machine's monotonic clock: one clock for every process on it, so an absolute
/// deadline means the same on both sides of a socket.
package struct Monotonic: Comparable, Hashable, Sendable {
    package var nanoseconds: UInt64

    package init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    package static var now: Monotonic {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Monotonic(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
    }

    package static let distantFuture = Monotonic(nanoseconds: .max)

    package static func < (a: Monotonic, b: Monotonic) -> Bool { a.nanoseconds < b.nanoseconds }

    package func advanced(by duration: Duration) -> Monotonic {
        let amount = duration.clampedNanoseconds
        if amount >= 0 {
            let (sum, overflow) = nanoseconds.addingReportingOverflow(UInt64(amount))
            return overflow ? .distantFuture : Monotonic(nanoseconds: sum)
        }
        return Monotonic(nanoseconds: nanoseconds - min(nanoseconds, UInt64(-amount)))
    }

    package func duration(to other: Monotonic) -> Duration {
        .nanoseconds(Int64(clamping: Int128(other.nanoseconds) - Int128(nanoseconds)))
    }
}

extension Duration {
    /// The duration in whole nanoseconds, held within what 64 bits can say (292 years).
    package var clampedNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let nanoseconds = Int128(seconds) * 1_000_000_000 + Int128(attoseconds / 1_000_000_000)
        // One more than the least, so that it can be negated.
        return max(Int64(clamping: nanoseconds), .min + 1)
    }
}
