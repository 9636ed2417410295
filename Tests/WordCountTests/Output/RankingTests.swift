import Testing

@testable import WordCount

@Suite struct RankingTests {
    @Test func `words are ranked by count, then by bytes`() throws {
        let words: [String: UInt64] = [
            "b": 2, "a": 2, "c": 9, "ab": 2, "é": 2, "sixteen-bytes-xx": 2, "sixteen-bytes-xxy": 2,
        ]
        let ranked = try merged([words], .all)
        #expect(ranked.map(\.word) == ["c", "a", "ab", "b", "sixteen-bytes-xx", "sixteen-bytes-xxy", "é"])
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `any number of reducers and any page size give the same ranking`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var words: [String: UInt64] = [:]
        for _ in 0..<Int.random(in: 0...300, using: &random) {
            let word = String(repeating: "pre", count: Int.random(in: 0...7, using: &random))
            words["\(word)\(Int.random(in: 0...99, using: &random))"] = .random(in: 1...4, using: &random)
        }
        let expected = words.sorted { ($1.value, Array($0.key.utf8)) ==> ($0.value, Array($1.key.utf8)) }
        for reducers in 1...3 {
            for limit in [1, 5, 1_000] {
                var parts = Array(repeating: [String: UInt64](), count: reducers)
                for (index, word) in expected.enumerated() {
                    parts[index * 7 % reducers][word.key] = word.value
                }
                let top = try merged(parts, .top(limit))
                #expect(top.map(\.word) == expected.prefix(limit).map(\.key))
                let all = try merged(parts, .all)
                #expect(all.map(\.word) == expected.map(\.key))
                #expect(all.map(\.count) == expected.map(\.value))
            }
        }
    }

    @Test func `no words make an empty ranking`() throws {
        #expect(try merged([[:], [:]], .all).isEmpty)
        #expect(try merged([[:]], .top(3)).isEmpty)
    }

    @Test func `a damaged page is refused`() {
        var merge = RankingMerge(reducers: 1, .all)
        #expect(throws: BlobError.truncated(offset: 0)) {
            try merge.add(RankingPage(words: [9, 1], next: 1, isLast: true), of: 0)
        }
    }

    private func merged(
        _ parts: [[String: UInt64]], _ selection: Selection
    ) throws -> [(word: String, count: UInt64)] {
        let rankings = parts.map { words in
            var combiner = Combiner()
            for (word, count) in words {
                let bytes = Array(word.utf8)
                unsafe bytes.withUnsafeBytes { unsafe combiner.add($0, times: count) }
            }
            return Ranking(combiner, selection)
        }
        var merge = RankingMerge(reducers: rankings.count, selection)
        var result: [(word: String, count: UInt64)] = []
        while true {
            switch try merge.step() {
            case .word(let word, let count): result.append((String(decoding: word, as: UTF8.self), count))
            case .needsPage(let reducer, let start):
                try merge.add(rankings[reducer].page(from: start, byteLimit: 40), of: reducer)
            case .end: return result
            }
        }
    }
}

infix operator ==> : ComparisonPrecedence

/// The order of the output, for a sort: the pairs are crossed so that a higher count comes first.
private func ==> (left: (UInt64, [UInt8]), right: (UInt64, [UInt8])) -> Bool {
    left.0 != right.0 ? left.0 < right.0 : left.1.lexicographicallyPrecedes(right.1)
}
