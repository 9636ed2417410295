import RoostPlatform
import Testing

@testable import Roost

@Suite struct MailboxFiguresTests {
    private func at(_ nanoseconds: UInt64) -> Monotonic { Monotonic(nanoseconds: nanoseconds) }

    @Test func `the time from the first message to the pause is busy`() {
        var figures = MailboxFigures()
        #expect(figures.busy(at: at(50)) == 0)
        figures.begins(at: at(100))
        #expect(figures.busy(at: at(130)) == 30)
        figures.begins(at: at(140))
        figures.pauses(at: at(200))
        figures.pauses(at: at(300))
        #expect(figures.busy(at: at(1_000)) == 100)
        figures.begins(at: at(2_000))
        #expect(figures.busy(at: at(2_001)) == 101)
    }

    @Test func `the clock is looked at where a pause begins or ends, and nowhere else`() {
        var figures = MailboxFigures()
        var looks = 0
        func now() -> Monotonic {
            looks += 1
            return at(UInt64(looks))
        }
        figures.pauses(at: now())
        #expect(looks == 0)
        for _ in 0..<100 {
            figures.arrived()
            figures.begins(at: now())
            figures.beginsNested()
        }
        #expect(looks == 1)
        for _ in 0..<3 { figures.pauses(at: now()) }
        #expect(looks == 2)
        #expect(figures.received == 100 && figures.served == 200)
    }

    @Test func `a clock that stood still counts nothing`() {
        var figures = MailboxFigures()
        figures.begins(at: at(10))
        figures.pauses(at: at(10))
        #expect(figures.busy(at: at(10)) == 0)
    }
}
