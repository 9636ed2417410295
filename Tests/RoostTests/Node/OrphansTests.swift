import Testing

@testable import Roost

@Suite struct OrphansTests {
    @Test func `a zombie is reaped when it is still there at the next look`() {
        var orphans = Orphans()
        #expect(orphans.look([7, 8]) == [])
        #expect(orphans.areExpected)
        #expect(orphans.look([8, 9]) == [8])
        #expect(orphans.look([9]) == [9])
        #expect(!orphans.areExpected)
    }

    @Test func `one whose number was taken anew is left alone again`() {
        var orphans = Orphans()
        #expect(orphans.look([7]) == [])
        #expect(orphans.look([7]) == [7])
        #expect(orphans.look([7]) == [])
        #expect(orphans.look([]) == [])
        #expect(!orphans.areExpected)
    }
}
