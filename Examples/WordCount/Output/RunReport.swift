/// What a run came to, apart from the words.
struct RunReport: Sendable {
    /// What chaos did, and what it cost.
    struct Chaos: Equatable, Sendable {
        var kills = 0
        var stops = 0
        var zygoteKills = 0
        /// How many strikes were asked for.
        var planned = 0
        var restarts = 0
        var redeliveries = 0
        var duplicates = 0
        /// How long the same work took without chaos, if that was measured.
        var cleanTime: Duration?
    }

    var mode: WordMode
    var files = 0
    var bytes = 0
    var words: UInt64 = 0
    var chunks = 0
    var elapsed: Duration = .zero
    var workers: [WorkerSummary] = []
    var chaos: Chaos?
    var problems: [InputProblem] = []
    var isInterrupted = false

    /// Notes problems that a chunk's report brought; each is told once, though several chunks may have met it.
    mutating func note(_ found: [InputProblem]) {
        for problem in found where !problems.contains(problem) { problems.append(problem) }
    }

    var status: ExitStatus {
        if isInterrupted { return .interrupted }
        return problems.contains(where: \.leavesSomethingOut) ? .somethingLeftOut : .everythingCounted
    }

    /// In millions of bytes a second.
    var rate: Double {
        let seconds = Measure.seconds(elapsed)
        return seconds > 0 ? Double(bytes) / 1e6 / seconds : 0
    }

    /// What a person reads after the words.
    var lines: [String] {
        var lines = [
            "\(words) words in \(Measure.bytes(bytes)) of \(files) \(files == 1 ? "file" : "files"), "
                + "\(Measure.time(elapsed)), \(Measure.fixed(rate, decimals: 0)) MB/s"
        ]
        if isInterrupted { lines.insert("interrupted: what was counted so far", at: 0) }
        if let chaos { lines.append(Self.line(chaos, elapsed: elapsed)) }
        return lines + WorkerTable.lines(workers)
    }

    private static func line(_ chaos: Chaos, elapsed: Duration) -> String {
        let done = chaos.kills + chaos.stops + chaos.zygoteKills
        var line =
            "chaos: \(done) of \(chaos.planned) strikes (kill=\(chaos.kills), stop=\(chaos.stops), "
            + "zygote=\(chaos.zygoteKills)), \(chaos.restarts) restarts, "
            + "\(chaos.redeliveries) redeliveries, \(chaos.duplicates) duplicates"
        if let clean = chaos.cleanTime {
            let overhead = Measure.seconds(elapsed) / max(Measure.seconds(clean), 1e-9) - 1
            line += ", \(Measure.fixed(overhead * 100, decimals: 0)) % slower than the clean run"
        }
        if chaos.redeliveries == 0 { line += "; nothing had to be given again: this was no test" }
        return line
    }
}
