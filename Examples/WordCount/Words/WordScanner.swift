/// Finds the words in a text that arrives in pieces.
///
/// The rule that lets any number of processes share one text: **a word belongs to the range in which its first
/// byte lies.** Whoever counts a range skips a word that began before it (``entry(of:at:)``, ``skipWord(in:from:isEnd:)``)
/// and reads past its end to finish the last word that began inside. In `unicode` mode the first byte of a word is
/// the lead byte of its first scalar; a scalar that straddles the start of a range belongs to the range before.
///
/// The scanner keeps nothing between calls but its scratch memory. ``scan(_:from:startingBefore:isEnd:into:)``
/// counts the words that are complete in the bytes it is shown, and returns the place from which it wants to be
/// called again, with more bytes.
struct WordScanner: ~Copyable {
    private var ascii: ASCIIScanner
    private var unicode: UnicodeScanner
    let mode: WordMode

    init(mode: WordMode) {
        self.mode = mode
        ascii = ASCIIScanner()
        unicode = UnicodeScanner()
    }

    /// Counts the complete words that start at or after `start` and before `limit`.
    ///
    /// - Parameters:
    ///   - text: the bytes at hand.
    ///   - start: where to begin; not inside a word.
    ///   - limit: the end of the range: words from here on are somebody else's.
    ///   - isEnd: whether the text ends with these bytes.
    ///   - words: where words are counted.
    /// - Returns: a place at or after `limit` if all is counted; otherwise the place from which more bytes are
    ///   needed: the start of an unfinished word or scalar, or the end of the bytes.
    mutating func scan(
        _ text: PaddedBytes, from start: Int, startingBefore limit: Int, isEnd: Bool,
        into words: inout Combiner
    ) -> Int {
        switch mode {
        case .ascii: ascii.scan(text, from: start, startingBefore: limit, isEnd: isEnd, into: &words)
        case .unicode: unicode.scan(text, from: start, startingBefore: limit, isEnd: isEnd, into: &words)
        }
    }

    /// Skips the rest of a word that began before the range.
    func skipWord(in text: PaddedBytes, from start: Int, isEnd: Bool) -> SkippedWord {
        switch mode {
        case .ascii: ascii.skipWord(in: text, from: start)
        case .unicode: unicode.skipWord(in: text, from: start, isEnd: isEnd)
        }
    }

    /// How a range that starts at `start` begins, seen from the bytes around it.
    ///
    /// `text` holds the four bytes before `start` (fewer only at the start of the text), and four from it on
    /// (fewer only at the end).
    func entry(of text: PaddedBytes, at start: Int) -> RangeEntry {
        switch mode {
        case .ascii: ascii.entry(of: text, at: start)
        case .unicode: unicode.entry(of: text, at: start)
        }
    }
}
