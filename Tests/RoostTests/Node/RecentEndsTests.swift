import Testing

@testable import Roost

@Suite struct RecentEndsTests {
    @Test func `an end is found by its number`() {
        var ends = RecentEnds()
        ends.add(.crashed(signal: 11), of: 7)
        ends.add(.normal, of: 8)
        #expect(ends[7] == .crashed(signal: 11))
        #expect(ends[8] == .normal)
        #expect(ends[9] == nil)
    }

    @Test func `the last 4,096 are kept and the oldest go first`() {
        var ends = RecentEnds()
        for number in 1...10_000 {
            ends.add(.exited(code: Int32(number)), of: UInt64(number))
            #expect(ends[UInt64(number)] == .exited(code: Int32(number)))
            if number > 4_096 {
                #expect(ends[UInt64(number - 4_096)] == nil)
                #expect(ends[UInt64(number - 4_095)] != nil)
            } else {
                #expect(ends[1] != nil)
            }
        }
    }

    @Test func `a number added again has its latest reason and its first place`() {
        var ends = RecentEnds()
        for _ in 0..<5_000 {
            ends.add(.normal, of: 1)
            ends.add(.shutdown, of: 1)
        }
        #expect(ends[1] == .shutdown)
        for number in 2...4_096 { ends.add(.normal, of: UInt64(number)) }
        #expect(ends[1] == .shutdown)
        ends.add(.normal, of: 4_097)
        #expect(ends[1] == nil)
        #expect(ends[2] == .normal)
    }

    @Test func `a number that has gone can come again`() {
        var ends = RecentEnds()
        for number in 1...4_097 { ends.add(.normal, of: UInt64(number)) }
        #expect(ends[1] == nil)
        ends.add(.unknown, of: 1)
        #expect(ends[1] == .unknown)
        #expect(ends[2] == nil)
    }
}
