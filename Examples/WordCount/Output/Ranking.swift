/// A reducer's words in the order of the output, handed out page by page.
///
/// The order is complete, so the same counts give the same ranking in every incarnation of a reducer: a reader may
/// go on with the successor where its predecessor died.
struct Ranking: Sendable {
    private let words: [RankedWord]

    /// Ranks the words of a combiner, or the top ones, which takes memory for those alone.
    init(_ combiner: borrowing Combiner, _ selection: Selection) {
        switch selection {
        case .all:
            var words: [RankedWord] = []
            words.reserveCapacity(combiner.distinct)
            unsafe combiner.forEach { word, _, count in unsafe words.append(RankedWord(word, count: count)) }
            words.sort { $0.precedes($1) }
            self.words = words
        case .top(let limit):
            var heap = BoundedHeap<RankedWord>(capacity: limit) { $0.precedes($1) }
            unsafe combiner.forEach { word, _, count in
                if let last = heap.threshold, last.count > count { return }
                unsafe heap.offer(RankedWord(word, count: count))
            }
            words = heap.sorted()
        }
    }

    /// How many words there are.
    var count: Int { words.count }

    /// The words from `start` on, in about `byteLimit` bytes, at least one if there is one left.
    func page(from start: Int, byteLimit: Int = 1 << 20) -> RankingPage {
        var writer = BlobWriter(partSize: .max)
        var place = start
        var bytes = 0
        while place < words.count, bytes < byteLimit {
            let word = words[place].bytes
            unsafe word.withUnsafeBytes { unsafe writer.add($0, times: words[place].count) }
            bytes += word.count + 4
            place += 1
        }
        return RankingPage(
            words: writer.finish().first ?? [], next: place, isLast: place >= words.count)
    }
}

/// Some of a reducer's words, in order.
struct RankingPage: Hashable, Codable, Sendable {
    /// The words and their counts; see ``BlobWriter``.
    var words: [UInt8]
    /// Where the next page begins.
    var next: Int
    /// Whether there is no next page.
    var isLast: Bool
}
