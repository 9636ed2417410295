/// The results for programs: one object a line.
enum JSONLine {
    static func of(_ row: Measurement) -> String {
        var fields = [
            "\"peer\":\(quoted(row.peer.rawValue))",
            "\"case\":\(quoted(row.benchmark))",
            "\"metric\":\(quoted(row.metric))",
            "\"value\":\(row.value)",
            "\"unit\":\(quoted(row.unit))",
        ]
        if !row.remark.isEmpty { fields.append("\"remark\":\(quoted(row.remark))") }
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
