/// Where the words of a range begin, as found by looking back over its start.
struct RangeEntry: Equatable {
    /// The first byte of the range that begins a scalar of its own.
    var position: Int
    /// Whether the scalar before `position` is part of a word, so that a word found there has begun before it.
    var isInsideWord: Bool
}

/// How far skipping the rest of a word came.
struct SkippedWord: Equatable {
    /// The first byte that was not skipped.
    var position: Int
    /// Whether the word ended there; otherwise more bytes are needed to know.
    var ended: Bool
}
