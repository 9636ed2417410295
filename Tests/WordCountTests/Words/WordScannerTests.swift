import Testing

@testable import WordCount

/// Counting a text in ranges, by whatever cut, must equal counting it whole.
@Suite struct WordScannerTests {
    static let nasty: [[UInt8]] = [
        Array("The quick brown fox; the lazy dog's 42 naïve cafés.\n".utf8),
        Array("ÄÖÜ ſtraße İstanbul ΣΊΣΥΦΟΣ Ёлка 漢字かな交じり文 한국어 हिन्दी ไทย \u{1d49c}\u{1d49e}x".utf8),
        Array("e\u{301}\u{301}é\u{200d}é a\u{ad}b x²½Ⅷ 😀a😀😀b\u{fffd}c".utf8),
        Array(
            "supercalifragilisticexpialidocious ABCDEFGH ABCDEFGHI sixteenletterses sixteenletterseses".utf8),
        [
            0x61, 0xc3, 0x62, 0xc3, 0xa9, 0xe2, 0x82, 0x63, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x64, 0x80,
            0x80,
        ],
        [0xed, 0xa0, 0x80, 0x61, 0xf4, 0x90, 0x80, 0x80, 0x62, 0xc0, 0x80, 0xff, 0xd0, 0x96, 0xd0],
        [0xd0, 0x96, 0xd0, 0x96, 0x80, 0xd0, 0x96, 0xe6, 0xbc, 0xa2, 0xe6, 0xbc, 0xf0, 0x9d, 0x92, 0x9c],
        Array("\0a\0\0b\0".utf8), [0x80, 0x80, 0x80, 0x80, 0x80, 0x61], Array(repeating: 0xe6, count: 70),
        Array(repeating: UInt8(ascii: "Q"), count: 300), Array(String(repeating: "Жж", count: 99).utf8),
    ]

    @Test(arguments: WordMode.allCases, nasty.indices)
    func `every chunk size gives the counts of the whole`(mode: WordMode, index: Int) throws {
        let text = Self.nasty[index]
        let expected = PlainWords.count(text, mode)
        for chunkSize in 1...64 {
            let counted = try count(text, mode, chunkSize: chunkSize, largestRead: .max)
            #expect(counted == expected, "chunks of \(chunkSize)")
        }
    }

    @Test(arguments: WordMode.allCases)
    func `reads of any size give the counts of the whole`(mode: WordMode) throws {
        let text = Array(Self.nasty.joined(separator: [0x20]))
        let expected = PlainWords.count(text, mode)
        for largestRead in 1...70 {
            let counted = try count(text, mode, chunkSize: 101, largestRead: largestRead)
            #expect(counted == expected, "reads of \(largestRead)")
        }
    }

    @Test(arguments: WordMode.allCases, 1...40 as ClosedRange<UInt64>)
    func `random bytes give the same counts however they are cut`(mode: WordMode, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pieces: [[UInt8]] = [
            [0x61], [0x5a], [0x20], [0xc3, 0xa9], [0xd0, 0x96], [0xe6, 0xbc, 0xa2], [0xf0, 0x9d, 0x92, 0x9c],
            [0xc3], [0xe6], [0xe6, 0xbc], [0xf0, 0x9d], [0x80], [0xbf], [0], [0xff], [0x35],
            Array("abcdefgh".utf8),
        ]
        let text = (0..<200).flatMap { _ in pieces.randomElement(using: &random) ?? [] }
        let expected = PlainWords.count(text, mode)
        for _ in 0..<20 {
            let chunkSize = Int.random(in: 1...200, using: &random)
            let largestRead = Int.random(in: 1...100, using: &random)
            let counted = try count(text, mode, chunkSize: chunkSize, largestRead: largestRead)
            #expect(counted == expected, "chunks of \(chunkSize), reads of \(largestRead)")
        }
    }

    @Test func `a scalar that straddles a boundary belongs to the range before it`() throws {
        let text = Array("x Ж y".utf8)
        #expect(try count(text, .unicode, range: 0..<3) == [[0x78]: 1, [0xd0, 0xb6]: 1])
        #expect(try count(text, .unicode, range: 3..<4) == [:])
        #expect(try count(text, .unicode, range: 3..<6) == [[0x79]: 1])
    }

    @Test func `a word much larger than the buffer is counted once`() throws {
        let text = Array(
            (String(repeating: "Wort", count: 50_000) + " " + String(repeating: "ж", count: 9)).utf8)
        let counted = try count(text, .unicode, chunkSize: 1_000, largestRead: .max)
        #expect(counted == PlainWords.count(text, .unicode))
    }

    private func count(
        _ text: [UInt8], _ mode: WordMode, chunkSize: Int, largestRead: Int
    ) throws -> [[UInt8]: UInt64] {
        var counter = RangeCounter(mode: mode, piece: 64)
        var words = Combiner()
        let source = MemorySource(bytes: text, largest: largestRead)
        for start in stride(from: 0, to: text.count, by: chunkSize) {
            let range = start..<min(text.count, start + chunkSize)
            let outcome = try counter.count(range, ofSize: text.count, from: source, into: &words)
            #expect(outcome.bytes == range.count)
        }
        return words.dictionary
    }

    private func count(
        _ text: [UInt8], _ mode: WordMode, range: Range<Int>
    ) throws -> [[UInt8]: UInt64] {
        var counter = RangeCounter(mode: mode)
        var words = Combiner()
        _ = try counter.count(range, ofSize: text.count, from: MemorySource(bytes: text), into: &words)
        return words.dictionary
    }
}
