extension ComparedRow {
    /// The row for programs: an object for each side.
    var json: [String] { [object("python", python), object("roost", roost)] }

    private func object(_ side: String, _ outcome: Outcome) -> String {
        var fields = [
            "\"row\":\(Text.quoted(row.name))",
            "\"side\":\"\(side)\"",
            "\"end\":\"\(outcome.end.rawValue)\"",
            "\"complete\":\(outcome.isComplete)",
            "\"counted\":\(Text.quoted(row.counted))",
        ]
        if let results = outcome.results {
            fields += ["\"results\":\(results.count)", "\"of\":\(results.of)"]
        }
        fields += [
            "\"seconds\":\(Text.seconds(outcome.seconds))",
            "\"notes\":[\(outcome.notes.map(Text.quoted).joined(separator: ","))]",
        ]
        return "{" + fields.joined(separator: ",") + "}"
    }
}
