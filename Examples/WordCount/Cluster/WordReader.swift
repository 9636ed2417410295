/// Reads the reducers' words, in order: merges what has come of their pages, and says which are needed next.
struct WordReader {
    typealias Write = (_ word: [UInt8], _ count: UInt64) throws(SystemError) -> Void

    /// How far it came.
    struct Progress {
        /// Pages to ask for.
        var requests: [RankedPages.Request] = []
        /// Whether all words were read.
        var isEnd = false
    }

    /// What has been asked for, and what has come.
    var pages: RankedPages
    private var merge: RankingMerge

    init(reducers: Int, _ selection: Selection) {
        pages = RankedPages(reducers: reducers)
        merge = RankingMerge(reducers: reducers, selection)
    }

    /// Writes the words whose place is known, until another page is needed.
    mutating func read(_ write: Write) throws(RunFailure) -> Progress {
        var progress = Progress()
        do {
            while true {
                switch try merge.step() {
                case .word(let word, let count): try write(word, count)
                case .needsPage(let reducer, _):
                    guard let (page, request) = pages.take(reducer) else { return progress }
                    if let request { progress.requests.append(request) }
                    try merge.add(page, of: reducer)
                case .end:
                    progress.isEnd = true
                    return progress
                }
            }
        } catch let error as SystemError {
            throw .output(error)
        } catch let error as BlobError {
            throw .damaged(error)
        } catch {
            preconditionFailure("neither writing nor merging throws anything else: \(error)")
        }
    }
}
