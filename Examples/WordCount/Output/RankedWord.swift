/// A word with its count, placed among others: by count, the highest first, then by the word's bytes.
///
/// The first sixteen bytes are in two registers, first byte highest, so that comparing the registers compares the
/// bytes; only words that agree in all of them look at the rest.
struct RankedWord: Equatable {
    let count: UInt64
    private let first: UInt64
    private let second: UInt64
    private let rest: [UInt8]

    init(_ word: UnsafeRawBufferPointer, count: UInt64) {
        let start = unsafe ShortWord(word, count: min(word.count, ShortWord.capacity))
        self.count = count
        first = start.low.byteSwapped
        second = start.high.byteSwapped
        rest = unsafe Array(word.dropFirst(ShortWord.capacity))
    }

    /// Whether this word comes before another.
    func precedes(_ other: RankedWord) -> Bool {
        if count != other.count { return count > other.count }
        if first != other.first { return first < other.first }
        if second != other.second { return second < other.second }
        return rest.lexicographicallyPrecedes(other.rest)
    }

    /// The word.
    var bytes: [UInt8] {
        let start = ShortWord(low: first.byteSwapped, high: second.byteSwapped)
        var bytes: [UInt8] = []
        for index in 0..<start.count {
            let register = index < 8 ? start.low : start.high
            bytes.append(UInt8(truncatingIfNeeded: register >> UInt64(index % 8 * 8)))
        }
        return bytes + rest
    }
}
