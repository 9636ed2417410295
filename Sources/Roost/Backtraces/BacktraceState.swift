internal import RoostPlatform

/// What becomes of the backtrace of one process: the report of its crash waits for that, and nobody else.
struct BacktraceState {
    /// What came of it.
    enum Outcome: Equatable {
        case made(Backtrace)
        /// There is none, for this reason.
        case missing(String)
    }

    private enum Phase {
        /// None is asked for, or nothing has crashed.
        case idle
        /// The process has said that it is about to copy itself.
        case awaited
        /// There is a copy.
        case begun
        case finished(Outcome)
    }

    private var phase = Phase.idle
    private var report: CrashReport?

    /// Whether the process is about to copy itself.
    var isAwaited: Bool {
        if case .awaited = phase { true } else { false }
    }

    /// The process said that it crashes, and whether it makes a backtrace, as it was told to.
    mutating func crashed(_ settings: BacktraceSettings, isMade: Bool) {
        phase = isMade ? .awaited : .finished(.missing(Self.noProgram(settings)))
    }

    private static func noProgram(_ settings: BacktraceSettings) -> String {
        "the Swift runtime makes none in this program; "
            + (settings.program.map { "its program is to be \($0)" } ?? "it found no swift-backtrace")
    }

    mutating func begun() { phase = .begun }

    /// The process is gone after a crash that it was to tell of, as one cannot whose stack has overflowed on a
    /// thread without a second one.
    mutating func endedSilently() {
        if case .idle = phase { phase = .finished(.missing("the process ended without a word")) }
    }

    /// The process is gone; this is what is known of its crash.
    ///
    /// - Returns: the report, unless it waits for the backtrace.
    mutating func ended(_ report: CrashReport) -> CrashReport? {
        switch phase {
        case .idle: return report
        case .awaited: return Self.complete(report, .missing("the process was ended before it could be made"))
        case .finished(let outcome): return Self.complete(report, outcome)
        case .begun:
            self.report = report
            return nil
        }
    }

    /// The backtrace is there, or it is known that it will not be.
    ///
    /// - Returns: the report, if it has waited.
    mutating func finished(_ outcome: Outcome) -> CrashReport? {
        phase = .finished(outcome)
        return report.take().map { Self.complete($0, outcome) }
    }

    private static func complete(_ report: CrashReport, _ outcome: Outcome) -> CrashReport {
        var report = report
        switch outcome {
        case .made(let backtrace): report.backtrace = backtrace
        case .missing(let reason): report.missingBacktrace = reason
        }
        return report
    }
}

extension SystemOptions {
    /// How workers make backtraces; nil when they make none.
    var backtraceSettings: BacktraceSettings? {
        backtraces ? BacktraceSettings(limit: backtraceLimit, program: backtraceProgram) : nil
    }
}
