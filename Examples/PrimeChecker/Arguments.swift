/// What the command line asks for.
struct Arguments {
    /// How many numbers are made; nil for the ten of the classic.
    var count: Int?
    var workers = 2
    /// Where the kills start from; nil for none.
    var chaos: UInt64?
    var seed: UInt64 = 1
    var isMeasured = false

    struct Misuse: Error, CustomStringConvertible {
        let description: String
    }

    static let usage = """
        usage: prime-checker [--count N] [--workers N] [--chaos [SEED]] [--seed N]

        Says which of ten numbers are prime, or of N made at random.

          --count N       so many numbers, 10 million at most; only the sums are printed
          --workers N     so many processes that check (2)
          --chaos [SEED]  kills workers while they work (1)
          --seed N        for the numbers (1)
        """

    init(_ words: ArraySlice<String>) throws(Misuse) {
        var words = words
        while let word = words.popFirst() {
            switch word {
            case "--count": count = min(try Self.number(after: word, &words), 10_000_000)
            case "--workers": workers = try Self.number(after: word, &words)
            case "--seed": seed = UInt64(try Self.number(after: word, &words))
            case "--chaos":
                chaos = words.first.flatMap { UInt64($0) } ?? 1
                if words.first.flatMap({ UInt64($0) }) != nil { words.removeFirst() }
            default: throw Misuse(description: "unknown argument \(word)")
            }
        }
        isMeasured = count != nil || chaos != nil
    }

    private static func number(after word: String, _ words: inout ArraySlice<String>) throws(Misuse) -> Int {
        guard let number = words.popFirst().flatMap({ Int($0) }), number > 0 else {
            throw Misuse(description: "\(word) takes a number greater than 0")
        }
        return number
    }

    var numbers: [Int] {
        guard let count else {
            return [2, 36, 101, 193, 323, 513, 1_327, 100_000, 9_999_999, 433_785_907]
        }
        var random = Seeded(state: seed)
        var numbers: Set<Int> = []
        return (0..<count).map { _ in
            while true {
                let number = Int.random(in: 1...100_000_000, using: &random)
                if numbers.insert(number).inserted { return number }
            }
        }
    }

    /// With few numbers one at a time, so that all have something to do; with many, more.
    var prefetch: Int { count == nil ? 1 : 64 }
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
