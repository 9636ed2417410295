import RoostPlatform
import RoostTesting
import Testing

@testable import Roost

@Suite struct RestartTrackerTests {
    private func moment(_ milliseconds: UInt64) -> Monotonic {
        Monotonic(nanoseconds: milliseconds * 1_000_000)
    }

    @Test(arguments: [1, 2, 3, 10])
    func `as many restarts as the intensity says are accepted, and one more is too many`(
        _ restarts: Int
    ) {
        var tracker = RestartTracker(RestartIntensity(restarts: restarts, within: .seconds(60)))
        for count in 1...restarts { #expect(tracker.restart(at: moment(UInt64(count))) == count) }
        #expect(tracker.restart(at: moment(100)) == nil)
        #expect(tracker.restart(at: moment(101)) == nil)
    }

    @Test func `an intensity of zero accepts none`() {
        var tracker = RestartTracker(RestartIntensity(restarts: 0, within: .seconds(1)))
        #expect(tracker.restart(at: moment(0)) == nil)
        #expect(tracker.restart(at: moment(10_000)) == nil)
    }

    @Test func `restarts older than the period no longer count`() {
        var tracker = RestartTracker(RestartIntensity(restarts: 2, within: .seconds(1)))
        #expect(tracker.restart(at: moment(0)) == 1)
        #expect(tracker.restart(at: moment(900)) == 2)
        #expect(tracker.restart(at: moment(1_001)) == 2)
        #expect(tracker.restart(at: moment(1_902)) == 2)
        #expect(tracker.restart(at: moment(1_950)) == nil)
        #expect(tracker.restart(at: moment(5_000)) == 1)
    }

    @Test func `a restart just within the period counts`() {
        var tracker = RestartTracker(RestartIntensity(restarts: 1, within: .seconds(1)))
        #expect(tracker.restart(at: Monotonic(nanoseconds: 0)) == 1)
        #expect(tracker.restart(at: Monotonic(nanoseconds: 999_999_999)) == nil)
    }

    @Test func `a restart exactly as old as the period still counts, as in OTP`() {
        // OTP's `add_restart` keeps `R >= Now - Period`.
        var tracker = RestartTracker(RestartIntensity(restarts: 1, within: .seconds(1)))
        #expect(tracker.restart(at: moment(0)) == 1)
        #expect(tracker.restart(at: moment(1_000)) == nil)
        // One nanosecond more, and it no longer does.
        var later = RestartTracker(RestartIntensity(restarts: 1, within: .seconds(1)))
        #expect(later.restart(at: moment(0)) == 1)
        #expect(later.restart(at: Monotonic(nanoseconds: 1_000_000_001)) == 1)
    }

    @Test func `many restarts spread over time are all accepted`() {
        var tracker = RestartTracker(RestartIntensity(restarts: 3, within: .seconds(1)))
        for number: UInt64 in 0..<10_000 { #expect(tracker.restart(at: moment(number * 400)) != nil) }
    }

    @Test func `a refused restart counts as well`() {
        var tracker = RestartTracker(RestartIntensity(restarts: 1, within: .seconds(1)))
        #expect(tracker.restart(at: moment(0)) == 1)
        #expect(tracker.restart(at: moment(600)) == nil)
        #expect(tracker.restart(at: moment(1_200)) == nil)
        #expect(tracker.restart(at: moment(2_300)) == 1)
    }

    @Test(arguments: [(1, 0), (2, 1), (3, 4), (4, 20)])
    func `the tracker agrees with counting all moments again`(_ seed: UInt64, _ restarts: Int) {
        var random = SeededGenerator(seed: seed)
        var clock = ManualClock()
        let period = Duration.milliseconds(1_000)
        var tracker = RestartTracker(RestartIntensity(restarts: restarts, within: period))
        var moments: [Duration] = []
        for _ in 0..<10_000 {
            let pause = Int64.random(in: 0...600_000_000, using: &random) / Int64(max(1, restarts))
            clock.advance(by: .nanoseconds(pause))
            moments.append(clock.elapsed)
            let recent = moments.suffix(50).count { clock.elapsed - $0 <= period }
            #expect(tracker.restart(at: clock.now) == (recent <= restarts ? recent : nil))
        }
    }

    @Test func `an intensity that cannot be meant is refused`() async {
        await #expect(processExitsWith: .failure) { _ = RestartIntensity(restarts: -1) }
        await #expect(processExitsWith: .failure) { _ = RestartIntensity(restarts: 1, within: .zero) }
        #expect(RestartIntensity() == RestartIntensity(restarts: 10, within: .seconds(60)))
    }
}
