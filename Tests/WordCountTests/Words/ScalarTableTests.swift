import Testing

@testable import WordCount

@Suite struct ScalarTableTests {
    @Test(arguments: [
        ("A", "a"), ("\u{130}", "i"), ("\u{1e9e}", "ß"), ("Σ", "σ"), ("ς", "ς"), ("\u{212a}", "k"),
        ("\u{23a}", "\u{2c65}"), ("\u{1c5}", "\u{1c6}"), ("漢", "漢"), ("\u{10400}", "\u{10428}"), ("٣", "٣"),
        ("\u{301}", "\u{301}"), ("½", "½"), ("Ⅷ", "ⅷ"),
    ])
    func `a scalar of a word has its simple lower case`(scalar: Unicode.Scalar, lowered: String) {
        let entry = ScalarTable().entry(for: scalar.value)
        let length = ScalarTable.length(ofEntry: entry)
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: entry >> UInt32($0 * 8)) }
        #expect(bytes == Array(lowered.utf8))
    }

    @Test(arguments: [" ", "_", "'", "\u{fffd}", "\u{200d}", "\u{ad}", "\u{0}", "€", "\u{1f600}", "Ⓐ", "。"])
    func `a scalar of another category separates words`(scalar: Unicode.Scalar) {
        #expect(ScalarTable().entry(for: scalar.value) == 0)
    }
}
