import TimedPrograms

/// Runs the chosen rows one after another, on both sides, and prints what became of them.
struct Comparison: Sendable {
    let options: Command.Options

    // Roost's programs do not hang: for them a long limit costs nothing, however busy the machine is.
    private static let roostLimit = Duration.seconds(60)

    /// Whether every row is complete with Roost.
    @concurrent func run() async throws -> Bool {
        let python = await PythonInterpreter.find()
        var table = Table(python: python?.version)
        var isComplete = true
        for row in options.rows {
            Output.progress("parity: \(row.name)")
            let theirs = try await outcome(of: row, with: python)
            let ours = Outcome(try await RoostSide.program(row).run(limit: Self.roostLimit))
            if !ours.isComplete {
                isComplete = false
                Output.complain("parity: \(row.name) is not complete with Roost\n\(ours.errors)")
            }
            let line = ComparedRow(row: row, python: theirs, roost: ours)
            if options.json { line.json.forEach { print($0) } } else { table.append(line) }
            Output.flush()
        }
        if !options.json { print(table.text) }
        return isComplete
    }

    private func outcome(of row: any ParityRow, with python: PythonInterpreter?) async throws -> Outcome {
        guard let python, let script = Self.script(of: row) else { return .missing }
        return Outcome(try await python.program(script).run(limit: options.limit))
    }

    /// The Python program of a row; nil when the sources are not there any more.
    static func script(of row: any ParityRow) -> PythonScript? {
        PythonScript(scriptName(of: row), ofExampleWith: #filePath)
    }

    static func scriptName(of row: any ParityRow) -> String {
        String(row.name.map { $0 == "-" ? "_" : $0 })
    }
}

/// A row and what became of both its sides.
struct ComparedRow: Sendable {
    var row: any ParityRow
    var python: Outcome
    var roost: Outcome
}
