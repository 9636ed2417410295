import RoostTesting
import Testing

@testable import Roost

@Suite struct ProgressReporterTests {
    @Test func `progress is told at most once every ten milliseconds`() {
        let reporter = ProgressReporter()
        var clock = ManualClock()
        var told = 0
        for _ in 0..<1_000 {
            if reporter.isDue(at: clock.now) { told += 1 }
            clock.advance(by: .milliseconds(1))
        }
        #expect(told == 100)
    }
}
