import RoostPlatform
import RoostTesting
import Testing

@testable import Roost

@Suite struct WatchdogStateTests {
    private static let limit = Duration.seconds(4)

    /// A watchdog that has just asked for a sign of life.
    private static func asked(_ clock: inout ManualClock) -> WatchdogState {
        var watchdog = WatchdogState(limit: limit, at: clock.now)
        #expect(look(&watchdog, &clock) == .ask)
        return watchdog
    }

    /// The next look, on time.
    private static func look(
        _ watchdog: inout WatchdogState, _ clock: inout ManualClock
    ) -> WatchdogState.LookedAction {
        clock.advance(by: watchdog.interval)
        return watchdog.looked(at: clock.now)
    }

    @Test func `it looks four times within the limit, and not all the time`() {
        #expect(WatchdogState(limit: .seconds(4), at: ManualClock().now).interval == .seconds(1))
        #expect(WatchdogState(limit: .milliseconds(1), at: ManualClock().now).interval == .milliseconds(10))
    }

    @Test func `a process that owes a sign of life for the limit is inspected, and killed if it is alive`() {
        var clock = ManualClock()
        var watchdog = Self.asked(&clock)
        for _ in 1...3 { #expect(Self.look(&watchdog, &clock) == .wait) }
        #expect(Self.look(&watchdog, &clock) == .inspect)
        #expect(watchdog.inspected(.alive, at: clock.now) == .kill)
    }

    @Test func `a process that answers is asked again, for ever`() {
        var clock = ManualClock()
        var watchdog = WatchdogState(limit: Self.limit, at: clock.now)
        for _ in 1...100 {
            #expect(Self.look(&watchdog, &clock) == .ask)
            watchdog.answered()
        }
    }

    @Test func `progress gives the whole limit again, and the sign of life stays owed`() {
        var clock = ManualClock()
        var watchdog = Self.asked(&clock)
        for _ in 1...20 {
            #expect(Self.look(&watchdog, &clock) == .wait)
            watchdog.progressed(at: clock.now)
        }
        for _ in 1...3 { #expect(Self.look(&watchdog, &clock) == .wait) }
        #expect(Self.look(&watchdog, &clock) == .inspect)
    }

    @Test func `progress of a process that owes nothing is no reason to wait`() {
        var clock = ManualClock()
        var watchdog = WatchdogState(limit: Self.limit, at: clock.now)
        watchdog.progressed(at: clock.now)
        #expect(Self.look(&watchdog, &clock) == .ask)
    }

    @Test func `a stopped process is left alone, and has the whole limit when it is continued`() {
        var clock = ManualClock()
        var watchdog = Self.asked(&clock)
        for _ in 1...3 {
            for _ in 1...3 { #expect(Self.look(&watchdog, &clock) == .wait) }
            #expect(Self.look(&watchdog, &clock) == .inspect)
            #expect(watchdog.inspected(.stopped, at: clock.now) == .wait)
        }
    }

    @Test func `a process that has ended is not killed`() {
        var clock = ManualClock()
        var watchdog = Self.asked(&clock)
        for _ in 1...4 { _ = Self.look(&watchdog, &clock) }
        #expect(watchdog.inspected(.ended, at: clock.now) == .wait)
    }

    @Test func `a node that was held up itself gives the process the limit again`() {
        var clock = ManualClock()
        var watchdog = Self.asked(&clock)
        clock.advance(by: .seconds(3_600))
        #expect(watchdog.looked(at: clock.now) == .wait)
        for _ in 1...3 { #expect(Self.look(&watchdog, &clock) == .wait) }
        #expect(Self.look(&watchdog, &clock) == .inspect)
    }
}
