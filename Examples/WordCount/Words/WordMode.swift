/// What counts as a word.
enum WordMode: String, Codable, Sendable, CaseIterable {
    /// A maximal run of scalars of the general categories L, M and N, each lower-cased by its simple mapping.
    ///
    /// The bytes of the lower-cased scalars are the key: `é` as one scalar and as `e` with a combining accent are
    /// two words, as they are to every tool that compares bytes. A byte that is not part of well-formed UTF-8
    /// reads as U+FFFD, which is of category So, so it separates words. How many U+FFFD a broken sequence is
    /// worth (one for each byte, or one for each maximal subpart) makes no difference: separators are not counted.
    case unicode

    /// A maximal run of the letters A–Z and a–z, lower-cased.
    ///
    /// These are the counts of `LC_ALL=C tr -cs 'A-Za-z' '\n' | tr 'A-Z' 'a-z' | sort | uniq -c` on each file,
    /// but for one line: where a file begins with anything but a letter, `tr` begins its output with an empty
    /// line, and `uniq` counts it. The empty word is not a word here.
    case ascii
}
