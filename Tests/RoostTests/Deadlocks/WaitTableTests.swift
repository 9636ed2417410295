import RoostPlatform
import Testing

@testable import Roost

@Suite struct WaitTableTests {
    private func at(_ milliseconds: Int) -> Monotonic {
        Monotonic(nanoseconds: UInt64(1_000 + milliseconds) * 1_000_000)
    }

    @Test func `the first call has somebody look at it after 50 milliseconds, and later ones do not`() {
        var table = WaitTable<String>()
        #expect(table.insert("a", made: at(0)).look == at(50))
        #expect(table.insert("b", made: at(10)).look == nil)
        #expect(table.calls == ["a", "b"])
    }

    @Test func `calls that are answered soon lead to one look and no report`() {
        var table = WaitTable<String>()
        let (slot, _) = table.insert("a", made: at(0))
        table.remove(slot)
        #expect(table.looked(at: at(50)) == .init(isReportDue: false, next: nil))
        // Then somebody has to look again.
        #expect(table.insert("b", made: at(70)).look == at(120))
    }

    @Test func `a call that takes long is reported once`() {
        var table = WaitTable<String>()
        _ = table.insert("a", made: at(0))
        #expect(table.looked(at: at(50)) == .init(isReportDue: true, next: nil))
        #expect(table.overdue(at: at(50)) == ["a"])
        // The next is looked at in its time, and what was reported does not count again.
        #expect(table.insert("b", made: at(60)).look == at(110))
        #expect(table.looked(at: at(109)) == .init(isReportDue: false, next: at(119)))
        #expect(table.looked(at: at(119)) == .init(isReportDue: true, next: nil))
        #expect(table.overdue(at: at(119)) == ["a", "b"])
    }

    @Test func `a look that comes late misses nothing`() {
        var table = WaitTable<String>()
        _ = table.insert("a", made: at(0))
        _ = table.insert("b", made: at(40))
        #expect(table.looked(at: at(70)) == .init(isReportDue: true, next: at(90)))
        #expect(table.insert("c", made: at(75)).look == nil)
        #expect(table.looked(at: at(400)) == .init(isReportDue: true, next: nil))
    }

    @Test func `there are at least 10 milliseconds between two looks`() {
        var table = WaitTable<String>()
        _ = table.insert("a", made: at(0))
        _ = table.insert("b", made: at(1))
        #expect(table.looked(at: at(50)) == .init(isReportDue: true, next: at(60)))
    }

    @Test func `places are used again`() {
        var table = WaitTable<String>()
        let (first, _) = table.insert("a", made: at(0))
        table.remove(first)
        #expect(table.insert("b", made: at(0)).slot == first)
        #expect(table.calls == ["b"])
    }
}
