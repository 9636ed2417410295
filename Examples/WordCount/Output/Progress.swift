/// How far a run has come.
struct Progress: Equatable, Sendable {
    var bytes = 0
    var totalBytes = 0
    var elapsed: Duration = .zero
    var liveWorkers = 0
    var workers = 0
    var restarts = 0
    /// How many chunks are being counted or wait to be.
    var queueDepth = 0

    /// In millions of bytes a second.
    var rate: Double {
        let seconds = Measure.seconds(elapsed)
        return seconds > 0 ? Double(bytes) / 1e6 / seconds : 0
    }

    /// How long the rest will take at this rate, if that can be told.
    var timeLeft: Duration? {
        guard bytes > 0, bytes <= totalBytes else { return nil }
        return elapsed * (Double(totalBytes - bytes) / Double(bytes))
    }

    /// One line, without a line break; on most terminals it fits.
    var line: String {
        let left = timeLeft.map { "\(Measure.time($0)) left" } ?? "time left unknown"
        return [
            "\(Measure.share(Double(bytes), of: Double(totalBytes))) of \(Measure.bytes(totalBytes))",
            "\(Measure.fixed(rate, decimals: 0)) MB/s",
            left,
            "\(liveWorkers)/\(workers) workers",
            "\(restarts) \(restarts == 1 ? "restart" : "restarts")",
            "\(queueDepth) queued",
        ].joined(separator: ", ")
    }
}
