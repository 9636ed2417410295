import Glibc

/// The machine's monotonic clock, which is the same in every process.
enum Clock {
    /// Nanoseconds since some moment in the past.
    static var now: UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// From when to when something was done.
struct Interval: Codable, Sendable {
    var start: UInt64
    var end: UInt64

    var seconds: Double { Double(end - start) / 1e9 }

    /// From the first start to the last end.
    static func spanning(_ intervals: [Interval]) -> Interval {
        Interval(
            start: intervals.map(\.start).min() ?? 0,
            end: intervals.map(\.end).max() ?? 0)
    }
}

/// How long single operations took, of many.
struct Percentiles: Codable, Sendable {
    var count: Int
    /// Half of them took at most this many nanoseconds.
    var median: UInt64
    /// 99 of 100 took at most this many nanoseconds.
    var p99: UInt64

    init(_ nanoseconds: [UInt64]) {
        let ascending = nanoseconds.sorted()
        func percentile(_ share: Double) -> UInt64 {
            guard !ascending.isEmpty else { return 0 }
            return ascending[min(Int(Double(ascending.count) * share), ascending.count - 1)]
        }
        count = ascending.count
        median = percentile(0.5)
        p99 = percentile(0.99)
    }

    /// Both as rows of `benchmark`.
    func rows(
        _ benchmark: String, _ unit: TimeUnit, peer: Measurement.Peer = .roost, mark: Mark? = nil
    ) -> [Measurement] {
        [
            Measurement(
                peer: peer, benchmark: benchmark, metric: "p50", value: unit.value(median),
                unit: unit.rawValue, mark: mark),
            Measurement(
                peer: peer, benchmark: benchmark, metric: "p99", value: unit.value(p99), unit: unit.rawValue),
        ]
    }
}

/// In what a time is told.
enum TimeUnit: String, Sendable {
    case microseconds = "µs"
    case milliseconds = "ms"

    func value(_ nanoseconds: UInt64) -> Double {
        switch self {
        case .microseconds: Double(nanoseconds) / 1e3
        case .milliseconds: Double(nanoseconds) / 1e6
        }
    }
}
