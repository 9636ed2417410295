/// Which page of which reducer is to be asked for, while their words are merged: a state machine.
///
/// A reducer is asked as soon as it has all its words, so that all of them rank at the same time, and for its next
/// page as soon as one was taken: one page of each waits here. If it dies, its successor is asked for the same page.
struct RankedPages: Sendable {
    /// A page to ask for.
    struct Request: Equatable {
        var reducer: Int
        var start: Int
        var incarnation: Int
    }

    private struct Source {
        var incarnation: Int?
        var next = 0
        var page: RankingPage?
        var isLast = false
    }

    private var sources: [Source]

    init(reducers: Int) {
        sources = Array(repeating: Source(), count: reducers)
    }

    /// The incarnation of each reducer that is being read; nil where there is none at the moment.
    var incarnations: [Int?] { sources.map(\.incarnation) }

    /// A reducer has all its words.
    mutating func becameReadable(_ reducer: Int, incarnation: Int) -> Request? {
        sources[reducer].incarnation = incarnation
        return request(reducer)
    }

    /// A reducer has died.
    mutating func lost(_ reducer: Int) {
        sources[reducer].incarnation = nil
    }

    /// A page has come; an answer of an earlier incarnation, or a page that is here already, is dropped.
    mutating func arrived(_ page: RankingPage, of reducer: Int, incarnation: Int) {
        guard sources[reducer].incarnation == incarnation, sources[reducer].page == nil else { return }
        sources[reducer].page = page
        sources[reducer].next = page.next
        sources[reducer].isLast = page.isLast
    }

    /// Takes the page of a reducer, if it is there, and says which one to ask for next.
    mutating func take(_ reducer: Int) -> (page: RankingPage, request: Request?)? {
        guard let page = sources[reducer].page.take() else { return nil }
        return (page, request(reducer))
    }

    private func request(_ reducer: Int) -> Request? {
        let source = sources[reducer]
        guard let incarnation = source.incarnation, source.page == nil, !source.isLast else { return nil }
        return Request(reducer: reducer, start: source.next, incarnation: incarnation)
    }
}
