import Testing

@testable import Roost

@Suite struct SendingPaceTests {
    /// How many of `count` elements, one every `gap` nanoseconds, look at the clock.
    private func looks(_ pace: inout SendingPace, at time: inout UInt64, count: Int, gap: UInt64) -> Int {
        var looks = 0
        for _ in 0..<count {
            time += gap
            guard pace.isDue() else { continue }
            looks += 1
            pace.looked(at: time)
        }
        return looks
    }

    @Test func `every element looks while they come slowly, and every sixteenth when they come fast`() {
        var pace = SendingPace()
        var time: UInt64 = 1_000_000_000
        #expect(looks(&pace, at: &time, count: 100, gap: 1_000_000) == 100)
        #expect(looks(&pace, at: &time, count: 1_600, gap: 50) < 110)
        // At most a stride of elements goes by unseen.
        #expect(looks(&pace, at: &time, count: 100, gap: 1_000_000) >= 85)
    }
}
