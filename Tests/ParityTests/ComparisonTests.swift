import Glibc
import Testing
import TimedPrograms

@testable import Parity

/// What is made of the programs' output, and that every row has both its programs.
@Suite struct ComparisonTests {
    private func outcome(_ end: ProgramResult.End, _ output: String, errors: String = "") -> Outcome {
        Outcome(ProgramResult(end: end, output: output, errors: errors, seconds: 1.5))
    }

    @Test func `the last results count, and all notes are kept`() {
        let outcome = outcome(
            .exited(0), "note first\nresults 3 of 10\nwhatever\nnote a: b\nresults 10 of 10\n")
        #expect(outcome.end == .finished)
        #expect(outcome.results == Results(10, of: 10, "first", "a: b"))
        #expect(outcome.isComplete)
    }

    @Test func `a program that hangs has come as far as it said`() {
        let outcome = outcome(.hung, "results 0 of 4\nresults 4 of 4\n")
        #expect(outcome.end == .hung)
        #expect(outcome.results == Results(4, of: 4))
        #expect(!outcome.isComplete)
    }

    @Test(arguments: [ProgramResult.End.exited(1), .killed(signal: SIGKILL)])
    func `a program that fails is not complete, and its last words are shown`(end: ProgramResult.End) {
        let outcome = outcome(end, "results 1 of 1\n", errors: "first\nlast\n")
        #expect(outcome.end == .failed)
        #expect(!outcome.isComplete)
        #expect(outcome.notes == ["last"])
    }

    @Test(arguments: ["", "results\n", "results 1 of\n", "results one of 2\n", "result 1 of 2\n"])
    func `without results nothing is complete`(output: String) {
        #expect(outcome(.exited(0), output).results == nil)
        #expect(!outcome(.exited(0), output).isComplete)
    }

    @Test func `every row has a Python program, and every program a row`() throws {
        for row in Catalogue.all {
            #expect(Comparison.script(of: row) != nil, "\(row.name)")
        }
        let rows = Catalogue.all.map { "\(Comparison.scriptName(of: $0)).py" }
        #expect(Set(rows).count == rows.count)
        let queue = try #require(Comparison.script(of: Catalogue.all[0]))
        let directory = queue.path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let files = Machine.names(in: directory).filter { $0.hasSuffix(".py") }
        #expect(files.subtracting(rows) == ["parity.py", "primes.py"])
    }

    @Test func `the table has a line for each row, and counts what hung`() {
        var table = Table(python: "3.0")
        let row = Catalogue.all[0]
        table.append(
            ComparedRow(
                row: row, python: outcome(.hung, "results 0 of 2\n"),
                roost: outcome(.exited(0), "results 2 of 2\n")))
        let lines = table.text.split(separator: "\n")
        #expect(lines.contains { $0.contains(row.what) && $0.contains("0 of 2") && $0.contains("2 of 2") })
        #expect(lines.last == "Python: 0 of 1 complete, 1 hung. Roost: 1 of 1 complete, 0 hung.")
    }

    @Test func `a row is an object for each side`() {
        let row = Catalogue.all[0]
        let compared = ComparedRow(
            row: row, python: .missing, roost: outcome(.exited(0), "note \"a\"\nresults 2 of 2\n"))
        #expect(
            compared.json[0] == """
                {"row":"\(row.name)","side":"python","end":"missing","complete":false,"counted":"\(row.counted)",\
                "seconds":0.00,"notes":[]}
                """)
        #expect(
            compared.json[1] == """
                {"row":"\(row.name)","side":"roost","end":"finished","complete":true,"counted":"\(row.counted)",\
                "results":2,"of":2,"seconds":1.50,"notes":["\\"a\\""]}
                """)
    }

    @Test func `the command line chooses rows, the limit and the form`() throws {
        guard case .compare(let options) = try Command(["--row", "fork-held-lock", "--quick", "--json"])
        else {
            Issue.record("it is no comparison")
            return
        }
        #expect(options.rows.map(\.name) == ["fork-held-lock"])
        #expect(options.limit == .seconds(2))
        #expect(options.json)
        for words in [["--row"], ["--row", "none"], ["--limit", "0"], ["--limit", "soon"], ["--fast"]] {
            #expect(throws: Command.Misuse.self) { try Command(words) }
        }
    }
}
