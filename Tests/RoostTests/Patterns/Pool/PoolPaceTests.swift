import Testing

@testable import Roost

@Suite struct PoolPaceTests {
    @Test func `chunks begin small, and grow to what takes two milliseconds`() {
        var pace = PoolPace()
        #expect(pace.chunk == 1 && pace.batch == 1)
        // A message costs 100 µs there and back, a task 1 µs.
        for _ in 0..<40 { pace.measured(pace.chunk, nanoseconds: 100_000 + 1_000 * Double(pace.chunk)) }
        #expect((1_700...2_000).contains(pace.chunk))
        #expect(pace.batch == PoolPace.maximumBatch)
    }

    @Test func `a task that takes longer than thought makes chunks smaller at once`() {
        var pace = PoolPace()
        for _ in 0..<40 { pace.measured(1_000, nanoseconds: 1_000) }
        #expect(pace.chunk == PoolPace.maximumChunk)
        pace.measured(1, nanoseconds: 10_000_000)
        #expect(pace.chunk == 1 && pace.batch == 1)
    }

    @Test func `what was not served says nothing`() {
        var pace = PoolPace()
        pace.measured(0, nanoseconds: 1_000_000)
        #expect(pace.perTask == 0)
    }

    @Test func `without some of its elements a range is in pieces`() {
        #expect((0..<5).pieces(without: []) == [0..<5])
        #expect((0..<5).pieces(without: [0, 2, 4]) == [1..<2, 3..<4])
        #expect((3..<5).pieces(without: [1, 3, 4, 9]) == [])
        #expect((0..<0).pieces(without: []) == [])
    }
}
