import Testing

@testable import Roost
@testable import RoostTesting

@Suite struct FiguresPollTests {
    @Test func `the first who wants to know has the process asked`() {
        var poll = FiguresPoll()
        #expect(poll.want() == (1, true))
        #expect(poll.answered(1) == .done)
        #expect(poll.want() == (2, true))
    }

    @Test func `whoever comes after the question waits for the next, and all of them for the same`() {
        var poll = FiguresPoll()
        #expect(poll.want() == (1, true))
        #expect(poll.want() == (2, false))
        #expect(poll.want() == (2, false))
        #expect(poll.answered(1) == .ask(2))
        #expect(poll.want() == (3, false))
        #expect(poll.answered(2) == .ask(3))
        #expect(poll.answered(3) == .done)
    }

    @Test func `an answer to what was not asked is passed over`() {
        var poll = FiguresPoll()
        #expect(poll.answered(0) == .ignored)
        #expect(poll.answered(1) == .ignored)
        #expect(poll.want() == (1, true))
        #expect(poll.answered(2) == .ignored)
        #expect(poll.answered(1) == .done)
        #expect(poll.answered(1) == .ignored)
    }

    @Test func `in any order one question at most is open, and everybody gets a later answer`() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<500 {
            var poll = FiguresPoll()
            var open: UInt32?
            var waiting: Set<UInt32> = []
            for _ in 0..<20 {
                if Bool.random(using: &random) {
                    let (number, asksNow) = poll.want()
                    #expect(asksNow == (open == nil) && number > (asksNow ? 0 : open ?? 0))
                    if asksNow { open = number }
                    waiting.insert(number)
                } else if let question = open {
                    waiting.remove(question)
                    open = nil
                    if case .ask(let next) = poll.answered(question) { open = next }
                }
            }
            while let question = open {
                waiting.remove(question)
                open = nil
                if case .ask(let next) = poll.answered(question) { open = next }
            }
            #expect(waiting.isEmpty)
        }
    }
}
