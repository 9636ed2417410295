@testable import WordCount

/// The two modes, said again in the plainest Swift: what the fast scanners are compared with where Python would be
/// too slow to start thousands of times.
enum PlainWords {
    static func count(_ bytes: [UInt8], _ mode: WordMode) -> [[UInt8]: UInt64] {
        var counts: [[UInt8]: UInt64] = [:]
        for word in words(bytes, mode) { counts[word, default: 0] += 1 }
        return counts
    }

    private static func words(_ bytes: [UInt8], _ mode: WordMode) -> [[UInt8]] {
        switch mode {
        case .ascii:
            let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
            return bytes.map { $0 < 0x80 ? $0 | 0x20 : 0 }.enumerated()
                .map { letters.contains($0.element) && bytes[$0.offset] >= 0x41 ? $0.element : 0 }
                .split(separator: 0).map(Array.init)
        case .unicode:
            return String(decoding: bytes, as: UTF8.self).unicodeScalars.split { scalar in
                switch scalar.properties.generalCategory {
                case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
                    .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber,
                    .otherNumber:
                    false
                default: true
                }
            }.map { word in
                word.flatMap { scalar -> [UInt8] in
                    guard scalar != "\u{130}" else { return [UInt8(ascii: "i")] }
                    return Array(scalar.properties.lowercaseMapping.utf8)
                }
            }
        }
    }
}

extension Combiner {
    /// The counts as a dictionary.
    var dictionary: [[UInt8]: UInt64] {
        var counts: [[UInt8]: UInt64] = [:]
        unsafe forEach { word, _, count in counts[unsafe Array(word)] = count }
        return counts
    }
}
