/// Merges the rankings of several reducers into one, a page of each in memory.
///
/// ```
/// while true {
///     switch try merge.step() {
///     case .word(let bytes, let count): …
///     case .needsPage(of: let reducer, from: let start): merge.add(page, of: reducer)
///     case .end: return
///     }
/// }
/// ```
struct RankingMerge {
    /// What comes next.
    enum Step: Equatable {
        case word([UInt8], count: UInt64)
        /// Another page of this reducer is needed to tell.
        case needsPage(of: Int, from: Int)
        case end
    }

    private struct Source {
        var page: [UInt8] = []
        var reader = BlobReader([])
        var head: RankedWord?
        var next = 0
        var isLast = false
    }

    private var sources: [Source]
    private var room: Int

    init(reducers: Int, _ selection: Selection) {
        sources = Array(repeating: Source(), count: reducers)
        room = if case .top(let limit) = selection { limit } else { .max }
    }

    /// A page that was asked for.
    mutating func add(_ page: RankingPage, of reducer: Int) throws(BlobError) {
        sources[reducer].page = page.words
        sources[reducer].reader = BlobReader(page.words)
        sources[reducer].next = page.next
        sources[reducer].isLast = page.isLast
        try advance(reducer)
    }

    /// The next word, or what is needed to know it.
    mutating func step() throws(BlobError) -> Step {
        guard room > 0 else { return .end }
        if let waiting = sources.firstIndex(where: { $0.head == nil && !$0.isLast }) {
            return .needsPage(of: waiting, from: sources[waiting].next)
        }
        var best: (reducer: Int, word: RankedWord)?
        for (reducer, source) in sources.enumerated() {
            guard let head = source.head else { continue }
            if best.map({ head.precedes($0.word) }) ?? true { best = (reducer, head) }
        }
        guard let best else { return .end }
        room -= 1
        try advance(best.reducer)
        return .word(best.word.bytes, count: best.word.count)
    }

    private mutating func advance(_ reducer: Int) throws(BlobError) {
        guard let entry = try sources[reducer].reader.next() else {
            sources[reducer].head = nil
            return
        }
        sources[reducer].head = unsafe sources[reducer].page.withUnsafeBytes { bytes in
            unsafe RankedWord(UnsafeRawBufferPointer(rebasing: bytes[entry.word]), count: entry.count)
        }
    }
}
