/// The results for people: one row a measurement.
struct Table {
    private var cells: [[String]] = []

    mutating func append(_ rows: [Measurement]) {
        for row in rows {
            let verdict = row.mark.map { mark in
                "\(mark.accepts(row.value) ? "pass" : "miss") (\(mark.description))"
            }
            let name = row.peer == .limit ? "\(row.benchmark) *" : row.benchmark
            cells.append([name, row.metric, Number.text(row.value), row.unit, verdict ?? row.remark])
        }
    }

    var text: String {
        let heading = ["case", "metric", "value", "unit", "mark"]
        let all = [heading] + cells
        let widths = heading.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        let lines = all.map { line(of: $0, widths) }
        let rule = String(repeating: "-", count: lines.map(\.count).max() ?? 0)
        return
            ([lines[0], rule] + lines.dropFirst() + ["", "* the limit: plain system calls, without Roost"])
            .joined(separator: "\n")
    }

    private func line(of cells: [String], _ widths: [Int]) -> String {
        let padded = zip(cells, widths).enumerated().map { column, cell in
            let space = String(repeating: " ", count: cell.1 - cell.0.count)
            return column == 2 ? space + cell.0 : cell.0 + space
        }
        var line = padded.joined(separator: "  ")
        while line.last == " " { line.removeLast() }
        return line
    }
}

/// Numbers as people read them.
enum Number {
    /// Three or four digits that say something: 5.71, 14.5, 730, 1,204,331.
    static func text(_ value: Double) -> String {
        if value >= 100 || value == value.rounded() { return grouped(Int(value.rounded())) }
        return fixed(value, digits: value >= 10 ? 1 : 2)
    }

    private static func grouped(_ value: Int) -> String {
        let digits = Array(String(value))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }

    private static func fixed(_ value: Double, digits: Int) -> String {
        let power = digits == 1 ? 10 : 100
        let scaled = Int((value * Double(power)).rounded())
        let fraction = String(scaled % power)
        return "\(scaled / power)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
