import RoostPlatform
import Testing

@Suite struct MonotonicTests {
    private let moment = Monotonic(nanoseconds: 5_000)

    @Test func `time does not run backwards`() {
        var last = Monotonic.now
        for _ in 0..<1_000 {
            let now = Monotonic.now
            #expect(now >= last)
            last = now
        }
    }

    @Test func `a moment is moved forwards and backwards by a duration`() {
        #expect(moment.advanced(by: .nanoseconds(7)) == Monotonic(nanoseconds: 5_007))
        #expect(moment.advanced(by: .microseconds(-3)) == Monotonic(nanoseconds: 2_000))
        #expect(moment.advanced(by: .zero) == moment)
        #expect(moment.advanced(by: .seconds(1)).nanoseconds == 1_000_005_000)
    }

    @Test func `what lies beyond the clock's range is its end or its beginning`() {
        let late = Monotonic(nanoseconds: .max - 10)
        #expect(late.advanced(by: .nanoseconds(10)) == .distantFuture)
        #expect(late.advanced(by: .nanoseconds(11)) == .distantFuture)
        #expect(Monotonic.distantFuture.advanced(by: .seconds(1)) == .distantFuture)
        #expect(moment.advanced(by: .seconds(-1)) == Monotonic(nanoseconds: 0))
        #expect(moment.advanced(by: .seconds(Int64.min / 2)) == Monotonic(nanoseconds: 0))
        #expect(late.advanced(by: .seconds(Int64.max)) == .distantFuture)
    }

    @Test func `the duration between two moments has a sign and is held within 64 bits`() {
        #expect(moment.duration(to: Monotonic(nanoseconds: 5_003)) == .nanoseconds(3))
        #expect(moment.duration(to: Monotonic(nanoseconds: 4_999)) == .nanoseconds(-1))
        #expect(Monotonic(nanoseconds: 0).duration(to: .distantFuture) == .nanoseconds(Int64.max))
        #expect(Monotonic.distantFuture.duration(to: Monotonic(nanoseconds: 0)) == .nanoseconds(Int64.min))
    }

    @Test func `moments are ordered by time`() {
        #expect(Monotonic(nanoseconds: 1) < Monotonic(nanoseconds: 2))
        #expect(!(moment < moment))
        #expect(Monotonic(nanoseconds: 1 << 63) > Monotonic(nanoseconds: 1))
    }

    @Test func `nanoseconds of a duration are whole and held within 64 bits`() {
        #expect(Duration.seconds(2).clampedNanoseconds == 2_000_000_000)
        #expect(Duration.nanoseconds(-5).clampedNanoseconds == -5)
        #expect(Duration(attoseconds: .max).clampedNanoseconds == .max)
        #expect(Duration(attoseconds: .min).clampedNanoseconds == -.max)
        #expect(Duration(secondsComponent: 0, attosecondsComponent: 999_999_999).clampedNanoseconds == 0)
        #expect(Duration.seconds(-1.5).clampedNanoseconds == -1_500_000_000)
        #expect(Duration.nanoseconds(Int64.max).clampedNanoseconds == .max)
        #expect(Duration.seconds(Int64.max).clampedNanoseconds == .max)
        #expect((Duration.nanoseconds(Int64.max) + .nanoseconds(1)).clampedNanoseconds == .max)
        #expect(Duration.seconds(Int64.min).clampedNanoseconds <= -Int64.max)
        // One more than the least, so that it can be negated.
        #expect(Duration.nanoseconds(-Int64.max).clampedNanoseconds == -.max)
        #expect(Duration.nanoseconds(Int64.min).clampedNanoseconds == -.max)
        #expect((Duration.nanoseconds(Int64.min) - .nanoseconds(1)).clampedNanoseconds == -.max)
        #expect(Duration.seconds(Int64.min).clampedNanoseconds == -.max)
    }

    @Test func `a duration survives being added and measured`() {
        var random = SplitMix64(seed: 4)
        for _ in 0..<10_000 {
            let start = Monotonic(nanoseconds: UInt64.random(in: 1 << 40...1 << 62, using: &random))
            let amount = Int64.random(in: -(1 << 40)...1 << 60, using: &random)
            #expect(start.duration(to: start.advanced(by: .nanoseconds(amount))) == .nanoseconds(amount))
        }
    }

    @Test func `the most negative duration goes to the beginning`() async {
        // `duration(to:)` gives it, so `advanced(by:)` has to take it.
        await #expect(processExitsWith: .success) {
            for duration in [Duration.nanoseconds(Int64.min), .seconds(Int64.min)] {
                let moved = Monotonic(nanoseconds: 1).advanced(by: duration)
                precondition(moved == Monotonic(nanoseconds: 0))
            }
        }
    }
}
