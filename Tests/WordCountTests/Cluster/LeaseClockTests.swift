import Testing

@testable import WordCount

@Suite struct LeaseClockTests {
    private let start = ContinuousClock.now

    private func moment(_ seconds: Int) -> ContinuousClock.Instant {
        start.advanced(by: .seconds(seconds))
    }

    @Test func `a tokenizer is overdue when it has reported nothing for too long`() {
        var clock = LeaseClock(limit: .seconds(10))
        clock.given(1, at: moment(0))
        clock.given(2, at: moment(5))
        #expect(clock.overdue(at: moment(10)) == [])
        #expect(clock.overdue(at: moment(11)) == [1])
        #expect(clock.overdue(at: moment(16)) == [1, 2])
    }

    @Test func `its time begins again with each report, as long as it has chunks`() {
        var clock = LeaseClock(limit: .seconds(10))
        clock.given(1, at: moment(0))
        clock.given(1, at: moment(0))
        clock.reported(1, at: moment(8))
        #expect(clock.overdue(at: moment(17)) == [])
        #expect(clock.overdue(at: moment(19)) == [1])
        clock.reported(1, at: moment(19))
        #expect(clock.overdue(at: moment(60)) == [])
    }

    @Test func `a tokenizer that died or was given up on holds nothing`() {
        var clock = LeaseClock(limit: .seconds(10))
        clock.given(1, at: moment(0))
        clock.lost(1)
        #expect(clock.overdue(at: moment(60)) == [])
        // A late report changes nothing, and new chunks have their full time.
        clock.reported(1, at: moment(60))
        clock.given(1, at: moment(61))
        #expect(clock.overdue(at: moment(70)) == [])
        #expect(clock.overdue(at: moment(72)) == [1])
    }
}
