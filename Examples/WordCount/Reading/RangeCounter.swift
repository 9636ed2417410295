/// Counts the words that begin in one range of a text, reading it piece by piece.
///
/// Memory is one buffer and the scanner's tables, whatever the size of the range; the buffer grows only for a word
/// that is larger than it, because a word is one key and must be held whole.
struct RangeCounter: ~Copyable {
    /// What reading a range found.
    struct Outcome: Equatable {
        /// How many bytes of the range were counted.
        var bytes = 0
        /// Where the text ended, if that was before the end of the range.
        var endedEarlyAt: Int?
        /// Whether there is a zero byte in the first block; looked at only by the range that starts the text.
        var looksBinary = false
    }

    /// How much is read at a time: small enough to stay in a core's own cache between reading and scanning.
    static let usualPiece = 256 << 10
    /// How much of the first block is looked at for zero bytes.
    static let binaryBlock = 8 << 10
    /// How much is read beyond the range with its last piece: enough for the rest of nearly every word.
    private static let overhang = 64

    private var scanner: WordScanner
    private var buffer: ReadBuffer
    private let piece: Int

    init(mode: WordMode, piece: Int = RangeCounter.usualPiece) {
        scanner = WordScanner(mode: mode)
        buffer = ReadBuffer(capacity: piece)
        self.piece = piece
    }

    /// Counts the words whose first byte lies in `range`.
    ///
    /// - Parameters:
    ///   - range: the bytes to answer for.
    ///   - size: where the text ends. Bytes beyond, of a file that grew, are not looked at.
    ///   - source: the text.
    ///   - words: where words are counted.
    /// - Returns: what was found, apart from the words.
    /// - Throws: ``SystemError`` if the source cannot be read; some of the words have been counted by then.
    mutating func count<Source: ByteSource & ~Copyable>(
        _ range: Range<Int>, ofSize size: Int, from source: borrowing Source, into words: inout Combiner
    ) throws(SystemError) -> Outcome {
        buffer.reset(toCapacity: piece)
        var window = Window(
            base: max(0, range.lowerBound - UTF8Scalar.lookBehind), end: size,
            goal: min(size, range.upperBound + Self.overhang))
        var outcome = Outcome()
        try fill(&window, from: source)
        while buffer.count < range.lowerBound - window.base + 2 * UTF8Scalar.lookBehind, !window.isAtEnd {
            try fill(&window, from: source)
        }
        if range.lowerBound == 0 { outcome.looksBinary = hasZeroInFirstBlock() }

        let entry = scanner.entry(of: buffer.text, at: min(range.lowerBound - window.base, buffer.count))
        var place = entry.position
        var isSkipping = entry.isInsideWord
        while true {
            if isSkipping {
                let skipped = scanner.skipWord(in: buffer.text, from: place, isEnd: window.isAtEnd)
                place = skipped.position
                isSkipping = !skipped.ended
            }
            if !isSkipping {
                place = scanner.scan(
                    buffer.text, from: place, startingBefore: range.upperBound - window.base,
                    isEnd: window.isAtEnd, into: &words)
            }
            if window.base + place >= range.upperBound || window.isAtEnd { break }
            advance(&window, to: place)
            place = 0
            try fill(&window, from: source)
        }
        outcome.bytes = min(range.upperBound, window.end) - min(range.lowerBound, window.end)
        outcome.endedEarlyAt = window.end < min(size, range.upperBound) ? window.end : nil
        return outcome
    }

    /// Where the buffer lies in the text.
    private struct Window {
        /// The offset of the buffer's first byte.
        var base: Int
        /// Where the text ends, as far as is known.
        var end: Int
        /// How far to read before it is known whether the last word needs more.
        var goal: Int
        var isAtEnd = false
    }

    private mutating func advance(_ window: inout Window, to place: Int) {
        if place == 0 && buffer.freeSpace == 0 { buffer.grow() }
        buffer.consume(upTo: place)
        window.base += place
    }

    private mutating func fill<Source: ByteSource & ~Copyable>(
        _ window: inout Window, from source: borrowing Source
    ) throws(SystemError) {
        let offset = window.base + buffer.count
        // Beyond the goal only for a word that has not ended yet, which is scanned from its start each time: so
        // what is held of it is doubled, and the work stays proportional to its length.
        let wanted =
            offset < window.goal ? window.goal - offset : min(max(piece, buffer.count), window.end - offset)
        if wanted > 0 {
            let added = unsafe try buffer.fill(upTo: wanted) { (space) throws(SystemError) in
                unsafe try source.read(into: space, at: offset)
            }
            if added == 0 { window.end = offset }
        }
        window.isAtEnd = window.base + buffer.count >= window.end
    }

    private func hasZeroInFirstBlock() -> Bool {
        let text = buffer.text
        let block = unsafe UnsafeRawBufferPointer(start: text.start, count: min(text.count, Self.binaryBlock))
        return unsafe block.contains(0)
    }
}
