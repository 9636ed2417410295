/// The results for programs: one object a line.
enum JSONLine {
    static func of(_ row: Measurement) -> String {
        let fields = [
            "\"peer\":\(quoted(row.peer.rawValue))",
            "\"case\":\(quoted(row.benchmark))",
            "\"metric\":\(quoted(row.metric))",
            "\"value\":\(row.value)",
            "\"unit\":\(quoted(row.unit))",
        ]
        return "{" + fields.joined(separator: ",") + "}"
    }

    // Names and units are ours: nothing but these two needs escaping.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for character in text {
            if character == "\"" || character == "\\" { quoted.append("\\") }
            quoted.append(character)
        }
        return quoted + "\""
    }
}
