/// The comparison for people: a line for each row, and below it what else was seen.
struct Table {
    private let python: String?
    private var rows: [ComparedRow] = []

    init(python: String?) {
        self.python = python
    }

    mutating func append(_ row: ComparedRow) { rows.append(row) }

    var text: String {
        let titles = rows.map { "  \($0.row.what)" }
        let width = titles.map(\.count).max() ?? 0
        let counted = max(rows.map(\.row.counted.count).max() ?? 0, "counted".count)
        var lines = [
            line("", width, "counted", counted, python.map { "Python \($0)" } ?? "no python3", "Roost"),
            String(repeating: "-", count: width + counted + 2 * Self.side + 6),
        ]
        var system = ""
        for (row, title) in zip(rows, titles) {
            if row.row.system != system {
                system = row.row.system
                lines.append(system)
            }
            lines.append(
                line(title, width, row.row.counted, counted, Self.cell(row.python), Self.cell(row.roost)))
            lines +=
                row.python.notes.map { "      Python: \($0)" } + row.roost.notes.map { "      Roost:  \($0)" }
        }
        return (lines + ["", summary]).joined(separator: "\n")
    }

    private static let side = 33

    private func line(
        _ title: String, _ width: Int, _ counted: String, _ countedWidth: Int, _ python: String,
        _ roost: String
    ) -> String {
        let cells = [
            Text.left(title, width), Text.left(counted, countedWidth), Text.left(python, Self.side), roost,
        ]
        return cells.joined(separator: "  ")
    }

    // finished      10 of 10      0.12 s
    private static func cell(_ outcome: Outcome) -> String {
        if outcome.end == .missing { return "not run" }
        let results = outcome.results.map { "\($0.count) of \($0.of)" } ?? "nothing said"
        return Text.left(outcome.end.rawValue, 8) + " " + Text.right(results, 14) + "  "
            + Text.right(Text.seconds(outcome.seconds), 5) + " s"
    }

    private var summary: String {
        func count(_ side: (ComparedRow) -> Outcome, _ isCounted: (Outcome) -> Bool) -> Int {
            rows.count { isCounted(side($0)) }
        }
        func sentence(_ name: String, _ side: (ComparedRow) -> Outcome) -> String {
            let complete = count(side, \.isComplete)
            let hung = count(side) { $0.end == .hung }
            return "\(name): \(complete) of \(rows.count) complete, \(hung) hung."
        }
        guard python != nil else { return sentence("Roost", \.roost) }
        return sentence("Python", \.python) + " " + sentence("Roost", \.roost)
    }
}

extension Outcome {
    /// What it remarked, and how it failed.
    var notes: [String] {
        var notes = results?.notes ?? []
        if end == .failed { notes += errors.split(separator: "\n").suffix(1).map(String.init) }
        return notes
    }
}
