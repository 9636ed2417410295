import RoostPlatform
import Testing

@testable import Roost

@Suite struct BacktraceStateTests {
    private let report = CrashReport(
        actor: "a", typeName: "A", processID: 1, incarnation: 1, reason: .crashed(signal: 4),
        timeAlive: .zero, lastErrors: [], decision: .staysDead)
    private let settings = BacktraceSettings(limit: .seconds(2), program: nil)
    private let backtrace = Backtrace(frames: [Backtrace.Frame(function: "f", address: 1, isGenerated: false)]
    )

    @Test func `a report without a backtrace waits for nothing`() {
        var state = BacktraceState()
        #expect(state.ended(report) == report)
    }

    @Test func `a report waits for the backtrace, or the backtrace for the report`() {
        var whole = report
        whole.backtrace = backtrace
        var state = BacktraceState()
        state.crashed(settings, isMade: true)
        #expect(state.isAwaited)
        state.begun()
        #expect(!state.isAwaited)
        #expect(state.ended(report) == nil)
        #expect(state.finished(.made(backtrace)) == whole)

        var other = BacktraceState()
        other.crashed(settings, isMade: true)
        other.begun()
        #expect(other.finished(.made(backtrace)) == nil)
        #expect(other.ended(report) == whole)
    }

    @Test func `a report says why there is no backtrace`() {
        var state = BacktraceState()
        state.crashed(settings, isMade: false)
        #expect(
            state.ended(report)?.missingBacktrace
                == "the Swift runtime makes none in this program; it found no swift-backtrace")
        state = BacktraceState()
        state.crashed(settings, isMade: true)
        #expect(state.ended(report)?.missingBacktrace == "the process was ended before it could be made")
        state = BacktraceState()
        state.crashed(settings, isMade: true)
        #expect(state.finished(.missing("so")) == nil)
        state.endedSilently()
        #expect(state.ended(report)?.missingBacktrace == "so")
        state = BacktraceState()
        state.endedSilently()
        #expect(state.ended(report)?.missingBacktrace == "the process ended without a word")
    }

    @Test func `settings are what the runtime reads`() {
        let settings = BacktraceSettings(limit: .milliseconds(2_500), program: "/a/b")
        #expect(settings.text.hasPrefix("enable=yes,") && settings.text.hasSuffix(",swift-backtrace=/a/b"))
        #expect(settings.text.contains("format=json"))
    }
}
