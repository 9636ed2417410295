import Testing

@testable import WordCount

@Suite struct RankedPagesTests {
    private typealias Request = RankedPages.Request

    private func page(_ next: Int, isLast: Bool = false) -> RankingPage {
        RankingPage(words: [], next: next, isLast: isLast)
    }

    @Test func `a reducer is asked as soon as it can be, and for one page ahead`() {
        var pages = RankedPages(reducers: 2)
        #expect(pages.becameReadable(1, incarnation: 0) == Request(reducer: 1, start: 0, incarnation: 0))
        let isEmpty = pages.take(1) == nil
        #expect(isEmpty)
        pages.arrived(page(7), of: 1, incarnation: 0)
        let taken = pages.take(1)
        #expect(taken?.page == page(7))
        #expect(taken?.request == Request(reducer: 1, start: 7, incarnation: 0))
        pages.arrived(page(9, isLast: true), of: 1, incarnation: 0)
        let last = pages.take(1)
        #expect(last?.page.isLast == true && last?.request == nil)
        #expect(pages.incarnations == [nil, 0])
    }

    @Test func `the successor of a reducer that died is asked for the same page`() {
        var pages = RankedPages(reducers: 1)
        _ = pages.becameReadable(0, incarnation: 0)
        pages.arrived(page(5), of: 0, incarnation: 0)
        _ = pages.take(0)
        pages.lost(0)
        #expect(pages.becameReadable(0, incarnation: 1) == Request(reducer: 0, start: 5, incarnation: 1))
        // What the dead one had still sent is dropped: it would be taken twice.
        pages.arrived(page(8), of: 0, incarnation: 0)
        let dropped = pages.take(0) == nil
        #expect(dropped)
        pages.arrived(page(8), of: 0, incarnation: 1)
        #expect(pages.take(0)?.page == page(8))
    }

    @Test func `a page that is here already is not asked for again`() {
        var pages = RankedPages(reducers: 1)
        _ = pages.becameReadable(0, incarnation: 0)
        pages.arrived(page(5), of: 0, incarnation: 0)
        pages.lost(0)
        #expect(pages.becameReadable(0, incarnation: 1) == nil)
        let taken = pages.take(0)
        #expect(taken?.page == page(5))
        #expect(taken?.request == Request(reducer: 0, start: 5, incarnation: 1))
    }

    @Test func `nothing is asked of the dead`() {
        var pages = RankedPages(reducers: 1)
        _ = pages.becameReadable(0, incarnation: 0)
        pages.arrived(page(5), of: 0, incarnation: 0)
        pages.lost(0)
        let taken = pages.take(0)
        #expect(taken?.page == page(5) && taken?.request == nil)
        #expect(pages.becameReadable(0, incarnation: 1) == Request(reducer: 0, start: 5, incarnation: 1))
    }
}
