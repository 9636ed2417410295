import TimedPrograms

/// The same work in Python: a program of `Python/`, which measures itself and prints its figures.
struct PythonBaseline: Sendable {
    /// The program's name, without its extension.
    let program: String

    // Looked for once: a launcher may take a while.
    private static let interpreter = Task { await PythonInterpreter.find() }

    // Far beyond what any of the programs takes.
    private static let limit = Duration.seconds(120)

    /// Runs the program once; its figures are rows of `benchmark`, and there are none without `python3`.
    func rows(of benchmark: String, _ scale: Scale) async throws -> [Measurement] {
        guard let python = await Self.interpreter.value,
            let script = PythonScript(program, ofExampleWith: #filePath)
        else {
            Progress.note("\(benchmark): there is no python3 to compare with")
            return []
        }
        // What each figure is measured for; there are some ten to a program, and many chunk sizes.
        let seconds =
            switch scale {
            case .full: "0.5"
            case .quick: "0.03"
            }
        let result = try await python.program(script, [seconds]).run(limit: Self.limit)
        try CheckFailed.unless(
            result.end == .exited(0), "\(program).py did not end as it should: \(result.end) \(result.errors)"
        )
        return try result.output.split(separator: "\n").map { line in
            guard let figure = PythonFigure(json: line) else {
                throw CheckFailed(description: "\(program).py printed something else: \(line)")
            }
            return Measurement(
                peer: .python, benchmark: benchmark, metric: "python \(figure.name)", value: figure.rate,
                unit: figure.unit, remark: figure.remark)
        }
    }
}

/// What a Python program has measured: a line such as
/// `{"name": "Pool.map", "rate": 1234.5, "unit": "tasks/s", "remark": "chunks of 100"}`.
struct PythonFigure: Sendable, Hashable {
    var name: String
    var rate: Double
    var unit: String
    var remark: String

    /// Nil when the line is something else.
    init?(json line: Substring) {
        var fields: [String: Substring] = [:]
        var rest = line.drop { $0 != "\"" }
        while let key = Self.string(&rest) {
            rest = rest.drop { $0 == ":" || $0 == " " }
            if let text = Self.string(&rest) {
                fields[String(key)] = text
            } else {
                fields[String(key)] = rest.prefix { $0 != "," && $0 != "}" }
            }
            rest = rest.drop { $0 != "\"" }
        }
        guard let name = fields["name"], let rate = fields["rate"].flatMap({ Double($0) }), rate > 0,
            let unit = fields["unit"]
        else { return nil }
        self.name = String(name)
        self.rate = rate
        self.unit = String(unit)
        remark = String(fields["remark"] ?? "")
    }

    // The names are ours: none has an escape in it.
    private static func string(_ rest: inout Substring) -> Substring? {
        guard rest.first == "\"" else { return nil }
        let text = rest.dropFirst().prefix { $0 != "\"" }
        rest = rest.dropFirst(text.count + 2)
        return text
    }
}
