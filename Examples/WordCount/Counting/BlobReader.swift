/// Reads a blob of counts entry by entry, and trusts nothing in it.
struct BlobReader {
    /// One word of a blob.
    struct Entry: Equatable {
        /// Where in the blob the word's bytes are.
        var word: Range<Int>
        var count: UInt64
    }

    private let blob: [UInt8]
    private var place = 0

    init(_ blob: [UInt8]) {
        self.blob = blob
    }

    /// The next entry, or nil at the end of the blob.
    mutating func next() throws(BlobError) -> Entry? {
        guard place < blob.count else { return nil }
        let start = place
        let length = try number()
        guard length > 0 else { throw .emptyWord(offset: start) }
        guard length <= UInt64(blob.count - place) else { throw .truncated(offset: start) }
        let word = place..<place + Int(length)
        if let zero = blob[word].firstIndex(of: 0) { throw .zeroByte(offset: zero) }
        place = word.upperBound
        let countStart = place
        let count = try number()
        guard count > 0 else { throw .zeroCount(offset: countStart) }
        return Entry(word: word, count: count)
    }

    private mutating func number() throws(BlobError) -> UInt64 {
        let start = place
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < blob.count {
            let byte = blob[place]
            place += 1
            let bits = UInt64(byte & 0x7f)
            // Ten bytes carry 70 bits: of the tenth only one may be used.
            guard shift < 63 || (shift == 63 && bits <= 1) else { throw .badNumber(offset: start) }
            value |= bits << shift
            if byte & 0x80 == 0 {
                guard byte != 0 || shift == 0 else { throw .badNumber(offset: start) }
                return value
            }
            shift += 7
        }
        throw .truncated(offset: start)
    }
}
