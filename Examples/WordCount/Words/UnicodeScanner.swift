/// Finds runs of letters, marks and numbers in UTF-8.
///
/// Words of ASCII alone take the same way as in ``ASCIIScanner``; the first byte of anything else sends the word
/// down the slower one, scalar by scalar through the ``ScalarTable``.
struct UnicodeScanner: ~Copyable {
    private var scratch = WordScratch()
    private let table = ScalarTable()

    /// See ``WordScanner/scan(_:from:startingBefore:isEnd:into:)``.
    mutating func scan(
        _ text: PaddedBytes, from start: Int, startingBefore limit: Int, isEnd: Bool,
        into words: inout Combiner
    ) -> Int {
        let base = unsafe text.start
        let known = isEnd ? text.count &+ 1 : text.count
        let limit = min(limit, text.count)
        var place = start
        while place < limit {
            let low = unsafe ByteLanes.load(base + place)
            let inWord = ByteLanes.lettersAndDigits(low)
            let others = inWord ^ ByteLanes.topBits
            let length = ByteLanes.firstMarked(others)
            let firstOther = others & (0 &- others)
            if low & firstOther != 0 || others == 0 {
                // A scalar beyond ASCII, or a word of eight bytes and more.
                let next = addOther(at: place, low: low, others: others, in: text, known: known, to: &words)
                if next < 0 { return place }
                place = next
                continue
            }
            if length == 0 {
                place &+= ByteLanes.firstMarked(inWord | (low & ByteLanes.topBits))
                continue
            }
            let end = place &+ length
            if end >= known { return place }
            words.addShort(ByteLanes.first(length, of: low | ByteLanes.lowerCaseBits), 0)
            place = end &+ 1
        }
        return min(place, text.count)
    }

    /// Counts what is not a short word of ASCII; returns where to go on, or -1 if more bytes are needed.
    @inline(__always)
    private mutating func addOther(
        at place: Int, low: UInt64, others: UInt64, in text: PaddedBytes, known: Int,
        to words: inout Combiner
    ) -> Int {
        guard others == 0 else { return addMixed(at: place, in: text, known: known, to: &words) }
        let high = unsafe ByteLanes.load(text.start + place + 8)
        let othersHigh = ByteLanes.lettersAndDigits(high) ^ ByteLanes.topBits
        guard othersHigh != 0, high & othersHigh & (0 &- othersHigh) == 0 else {
            return addMixed(at: place, in: text, known: known, to: &words)
        }
        let length = ByteLanes.firstMarked(othersHigh)
        let end = place &+ 8 &+ length
        guard end < known else { return -1 }
        words.addShort(
            low | ByteLanes.lowerCaseBits, ByteLanes.first(length, of: high | ByteLanes.lowerCaseBits))
        return end &+ 1
    }

    /// Counts the word at a place, or steps over the one scalar there if it is not part of a word.
    private mutating func addMixed(
        at start: Int, in text: PaddedBytes, known: Int, to words: inout Combiner
    ) -> Int {
        var place = start
        var length = 0
        while place < text.count {
            // A sequence cut off by the end of the bytes at hand may be well-formed once there are more.
            let isWhole = place &+ 4 <= text.count || known > text.count
            let scalar = unsafe UTF8Scalar(at: text.start + place)
            if !isWhole && scalar.length != 1 { return -1 }
            let entry = table.entry(for: scalar.value)
            guard entry != 0 else {
                if length == 0 { return place &+ max(scalar.length, 1) }
                break
            }
            scratch.reserve(length &+ 16, keeping: length)
            unsafe (scratch.bytes + length).storeBytes(of: entry.littleEndian, as: UInt32.self)
            length &+= ScalarTable.length(ofEntry: entry)
            place &+= scalar.length
        }
        guard place < known else { return -1 }
        unsafe words.add(UnsafeRawBufferPointer(start: scratch.bytes, count: length), times: 1)
        return place
    }

    /// See ``WordScanner/skipWord(in:from:isEnd:)``.
    func skipWord(in text: PaddedBytes, from start: Int, isEnd: Bool) -> SkippedWord {
        var place = start
        while place < text.count {
            let scalar = unsafe UTF8Scalar(at: text.start + place)
            if !isEnd && place + 4 > text.count && scalar.length != 1 { break }
            guard table.entry(for: scalar.value) != 0 else {
                return SkippedWord(position: place, ended: true)
            }
            place += scalar.length
        }
        return SkippedWord(position: place, ended: false)
    }

    /// See ``WordScanner/entry(of:at:)``.
    func entry(of text: PaddedBytes, at start: Int) -> RangeEntry {
        var lead = start - 1
        let earliest = max(0, start - UTF8Scalar.lookBehind)
        while lead > earliest, unsafe text.start.load(fromByteOffset: lead, as: UInt8.self) & 0xc0 == 0x80 {
            lead -= 1
        }
        guard lead >= 0 else { return RangeEntry(position: start, isInsideWord: false) }
        let scalar = unsafe UTF8Scalar(at: text.start + lead)
        // Between the last scalar and the range are bytes that are not part of any: they separate words.
        guard scalar.length > 0, lead + scalar.length >= start else {
            return RangeEntry(position: start, isInsideWord: false)
        }
        return RangeEntry(position: lead + scalar.length, isInsideWord: table.entry(for: scalar.value) != 0)
    }
}
