/// Finds runs of the letters A–Z and a–z.
struct ASCIIScanner: ~Copyable {
    private var scratch = WordScratch()

    /// See ``WordScanner/scan(_:from:startingBefore:isEnd:into:)``.
    mutating func scan(
        _ text: PaddedBytes, from start: Int, startingBefore limit: Int, isEnd: Bool,
        into words: inout Combiner
    ) -> Int {
        let base = unsafe text.start
        // Where a word must end for it to be known that it ends there: before the last byte, or with the text.
        let known = isEnd ? text.count &+ 1 : text.count
        let limit = min(limit, text.count)
        var place = start
        while place < limit {
            let low = unsafe ByteLanes.load(base + place)
            let letters = ByteLanes.letters(low)
            let others = letters ^ ByteLanes.topBits
            if others == 0 {
                let end = addLong(at: place, low: low, in: text, known: known, to: &words)
                if end < 0 { return place }
                place = end &+ 1
                continue
            }
            let length = ByteLanes.firstMarked(others)
            if length == 0 {
                place &+= ByteLanes.firstMarked(letters)
                continue
            }
            let end = place &+ length
            if end >= known { return place }
            words.addShort(ByteLanes.first(length, of: low | ByteLanes.lowerCaseBits), 0)
            // The byte at the end separates words: no need to look at it again.
            place = end &+ 1
        }
        return min(place, text.count)
    }

    /// Counts a word of eight letters and more; returns its end, or -1 if that is not known yet.
    @inline(__always)
    private mutating func addLong(
        at place: Int, low: UInt64, in text: PaddedBytes, known: Int, to words: inout Combiner
    ) -> Int {
        let high = unsafe ByteLanes.load(text.start + place + 8)
        let others = ByteLanes.letters(high) ^ ByteLanes.topBits
        guard others != 0 else { return addVeryLong(at: place, in: text, known: known, to: &words) }
        let length = ByteLanes.firstMarked(others)
        let end = place &+ 8 &+ length
        guard end < known else { return -1 }
        words.addShort(
            low | ByteLanes.lowerCaseBits, ByteLanes.first(length, of: high | ByteLanes.lowerCaseBits))
        return end
    }

    @inline(never)
    private mutating func addVeryLong(
        at place: Int, in text: PaddedBytes, known: Int, to words: inout Combiner
    ) -> Int {
        let end = endOfLetters(in: text, from: place)
        guard end < known else { return -1 }
        let length = end - place
        // Eight more than the word: the last load may reach past it.
        scratch.reserve(length + 8, keeping: 0)
        var offset = 0
        while offset < length {
            let lanes = unsafe ByteLanes.load(text.start + place + offset) | ByteLanes.lowerCaseBits
            unsafe (scratch.bytes + offset).storeBytes(of: lanes.littleEndian, as: UInt64.self)
            offset += 8
        }
        unsafe words.add(UnsafeRawBufferPointer(start: scratch.bytes, count: length), times: 1)
        return end
    }

    private func endOfLetters(in text: PaddedBytes, from start: Int) -> Int {
        var place = start
        while place < text.count {
            let others = unsafe ByteLanes.letters(ByteLanes.load(text.start + place)) ^ ByteLanes.topBits
            place += ByteLanes.firstMarked(others)
            if others != 0 { break }
        }
        return min(place, text.count)
    }

    /// See ``WordScanner/skipWord(in:from:isEnd:)``.
    func skipWord(in text: PaddedBytes, from start: Int) -> SkippedWord {
        let end = endOfLetters(in: text, from: start)
        return SkippedWord(position: end, ended: end < text.count)
    }

    /// See ``WordScanner/entry(of:at:)``.
    func entry(of text: PaddedBytes, at start: Int) -> RangeEntry {
        guard start > 0 else { return RangeEntry(position: start, isInsideWord: false) }
        let before = unsafe text.start.load(fromByteOffset: start - 1, as: UInt8.self)
        return RangeEntry(position: start, isInsideWord: ByteLanes.letters(UInt64(before)) & 0x80 != 0)
    }
}
