import TimedPrograms

/// What became of one side of a row.
struct Outcome: Sendable {
    enum End: String, Sendable {
        case finished
        case hung
        case failed
        /// There is nothing to run it with.
        case missing
    }

    var end: End
    /// How far it said it had come, also when it hung then.
    var results: Results?
    var seconds: Double
    /// Its last words, when it failed.
    var errors = ""

    static let missing = Outcome(end: .missing, seconds: 0)

    init(end: End, seconds: Double) {
        self.end = end
        self.seconds = seconds
    }

    init(_ result: ProgramResult) {
        end =
            switch result.end {
            case .hung: .hung
            case .exited(0): .finished
            case .exited, .killed: .failed
            }
        seconds = result.seconds
        results = Self.results(in: result.output)
        if end == .failed { errors = result.errors }
    }

    /// Whether it ended by itself with everything it was to do.
    var isComplete: Bool { end == .finished && results?.isComplete == true }

    // `results 3 of 1000`, of which the last counts, and `note` with a remark.
    private static func results(in output: String) -> Results? {
        var found: Results?
        var notes: [String] = []
        for line in output.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.first == "note" {
                notes.append(String(line.dropFirst("note ".count)))
            } else if words.count == 4, words[0] == "results", let count = Int(words[1]),
                let of = Int(words[3])
            {
                found = Results(count, of: of)
            }
        }
        found?.notes = notes
        return found
    }
}
