import Testing

@testable import WordCount

@Suite struct CombinerTests {
    @Test func `counts agree with a dictionary's`() {
        var random = SeededGenerator(seed: 3)
        var combiner = Combiner()
        var expected: [[UInt8]: UInt64] = [:]
        for _ in 0..<60_000 {
            let word = randomWord(&random)
            let times = UInt64.random(in: 1...3, using: &random)
            add(word, times: times, to: &combiner)
            expected[word, default: 0] += times
        }
        #expect(combiner.distinct == expected.count)
        #expect(combiner.dictionary == expected)
    }

    @Test func `words of every length to forty are told apart`() {
        var combiner = Combiner()
        for length in 1...40 {
            for last in [UInt8(ascii: "a"), UInt8(ascii: "b")] {
                add(Array(repeating: UInt8(ascii: "a"), count: length - 1) + [last], times: 1, to: &combiner)
            }
        }
        #expect(combiner.distinct == 80)
        #expect(combiner.dictionary.values.allSatisfy { $0 == 1 })
    }

    @Test(arguments: 1...5)
    func `blobs of any number of partitions merge to the same counts`(partitions: Int) throws {
        var random = SeededGenerator(seed: 4)
        var combiner = Combiner()
        for _ in 0..<5_000 { add(randomWord(&random), times: 1, to: &combiner) }
        let blobs = combiner.blobs(partitions: partitions, partSize: 1_000)
        #expect(blobs.count == partitions)
        var merged = Combiner()
        for part in blobs.joined() {
            #expect(part.count <= 1_000 + 60)
            try merged.merge(part)
        }
        #expect(merged.dictionary == combiner.dictionary)
    }

    @Test func `a word goes to the same partition whoever found it`() {
        var first = Combiner()
        var second = Combiner()
        let words = (0..<300).map { Array("word\($0)".utf8) }
        for word in words { add(word, times: 1, to: &first) }
        for word in words.reversed() { add(word, times: 1, to: &second) }
        let sizes = zip(first.blobs(partitions: 3), second.blobs(partitions: 3)).map {
            ($0.joined().count, $1.joined().count)
        }
        #expect(sizes.allSatisfy { $0 == $1 })
        #expect(sizes.allSatisfy { $0.0 > 300 * 8 / 3 / 2 }, "and every partition gets its share")
    }

    @Test func `an emptied combiner counts afresh and gives memory back`() {
        var combiner = Combiner()
        let small = combiner.byteCount
        for number in 0..<50_000 {
            add(Array("a long word with number \(number)".utf8), times: 1, to: &combiner)
        }
        for number in 0..<50_000 { add(Array("w\(number)".utf8), times: 1, to: &combiner) }
        #expect(combiner.byteCount > 50_000 * 40)
        for _ in 0..<10 {
            combiner.removeAll()
            #expect(combiner.distinct == 0)
            add([0x61], times: 2, to: &combiner)
            #expect(combiner.dictionary == [[0x61]: 2])
        }
        #expect(combiner.byteCount < small * 2)
    }

    private func randomWord(_ random: inout SeededGenerator) -> [UInt8] {
        let length = Int.random(in: 1...(Int.random(in: 0..<4, using: &random) == 0 ? 50 : 4), using: &random)
        return (0..<length).map { _ in UInt8.random(in: 0x61...0x68, using: &random) }
    }

    private func add(_ word: [UInt8], times: UInt64, to combiner: inout Combiner) {
        unsafe word.withUnsafeBytes { unsafe combiner.add($0, times: times) }
    }
}
