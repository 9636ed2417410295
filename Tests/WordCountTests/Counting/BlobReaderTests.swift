import Testing

@testable import WordCount

@Suite struct BlobReaderTests {
    @Test func `entries are length, bytes and count`() throws {
        var reader = BlobReader([2, 0x68, 0x69, 0x85, 0x02, 1, 0x61, 1])
        #expect(try reader.next() == BlobReader.Entry(word: 1..<3, count: 261))
        #expect(try reader.next() == BlobReader.Entry(word: 6..<7, count: 1))
        #expect(try reader.next() == nil)
    }

    @Test(
        arguments: [
            ([0x02], .truncated(offset: 0)),
            ([0x02, 0x61], .truncated(offset: 0)),
            ([0x01, 0x61], .truncated(offset: 2)),
            ([0x01, 0x61, 0x80], .truncated(offset: 2)),
            ([0x00, 0x01], .emptyWord(offset: 0)),
            ([0x01, 0x61, 0x00], .zeroCount(offset: 2)),
            ([0x01, 0x00, 0x01], .zeroByte(offset: 1)),
            ([0x81, 0x00, 0x61, 0x01], .badNumber(offset: 0)),
            (Array(repeating: 0xff, count: 10), .badNumber(offset: 0)),
            (Array(repeating: 0xff, count: 9) + [0x01, 0x61], .truncated(offset: 0)),
            (Array(repeating: 0x80, count: 20), .badNumber(offset: 0)),
        ] as [([UInt8], BlobError)])
    func `a damaged blob is refused, with the place`(blob: [UInt8], error: BlobError) {
        #expect(throws: error) {
            var reader = BlobReader(blob)
            while try reader.next() != nil {}
        }
    }

    @Test func `no prefix and no changed byte of a blob does any harm`() {
        var random = SeededGenerator(seed: 5)
        var writer = BlobWriter(partSize: .max)
        for number in 0..<20 {
            let word = Array("word\(number)".utf8)
            unsafe word.withUnsafeBytes { unsafe writer.add($0, times: UInt64(number * 100 + 1)) }
        }
        let blob = writer.finish()[0]
        for _ in 0..<5_000 {
            var damaged = Array(blob.prefix(Int.random(in: 0...blob.count, using: &random)))
            if let place = damaged.indices.randomElement(using: &random) {
                damaged[place] = UInt8.random(in: .min ... .max, using: &random)
            }
            var combiner = Combiner()
            _ = try? combiner.merge(damaged)
        }
    }

    @Test func `the largest count is carried`() throws {
        var writer = BlobWriter(partSize: .max)
        unsafe [0x61 as UInt8].withUnsafeBytes { unsafe writer.add($0, times: .max) }
        var reader = BlobReader(writer.finish()[0])
        #expect(try reader.next()?.count == .max)
    }
}
