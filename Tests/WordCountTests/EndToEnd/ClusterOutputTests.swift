import Foundation
import Testing

@testable import WordCount

/// What a person, a log and a program see.
@ProcessTests @Suite struct ClusterOutputTests {
    @Test func `without a terminal there are no control characters`() throws {
        let end = try Program.run([Python.corpus.description])
        #expect(end.status == 0)
        let controls = end.errors.unicodeScalars.filter { $0.properties.generalCategory == .control }
        #expect(controls.allSatisfy { $0 == "\n" })
    }

    @Test func `standard error shows the tree of processes, and afterwards what each did`() throws {
        let program = try Program(["--workers", "2", "--reducers", "1", Python.corpus.description])
        let tree = program.tree()
        #expect(Set(tree.keys) == ["zygote", "tokenizer-1", "tokenizer-2", "reducer-1"])
        let end = program.end()
        #expect(end.errors.contains("word-count \(program.processID)\n"))
        #expect(RunLog(end.errors).restarts == ["tokenizer-1": 0, "tokenizer-2": 0, "reducer-1": 0])
    }

    @Test func `a terminal has a progress line that is taken away before the words`() throws {
        let path = InputPath("/usr/share/common-licenses")
        let end = try Program.run([path.description], errors: .terminal(columns: 60))
        #expect(end.status == 0)
        let clear = "\r\u{1b}[K"
        let parts = end.errors.components(separatedBy: clear)
        // Either it was over before a tenth of a second, or each line was cleared.
        #expect(parts.count != 2)
        for part in parts.dropFirst().dropLast() { #expect(part.count < 60 && !part.contains("\n")) }
    }

    @Test(arguments: [[], ["--chaos", "kill=3,zygote=1,seed=2"]])
    func `JSON is one object with the words and the report`(chaos: [String]) throws {
        let end = try Program.run(["--json", "--top", "3"] + chaos + [Python.corpus.description])
        #expect(end.status == 0)
        #expect(end.output.last == UInt8(ascii: "\n") && end.output.count { $0 == UInt8(ascii: "\n") } == 1)
        let object = try JSONSerialization.jsonObject(with: Data(end.output)) as? [String: Any]
        let words = object?["words"] as? [[String: Any]] ?? []
        let lines = words.map { "\($0["count"] ?? "")\t\($0["word"] ?? "")\n" }.joined()
        #expect(try Array(lines.utf8) == Python.reference(.unicode, [Python.corpus], top: 3))
        #expect((object?["workers"] as? [Any])?.count == Arguments.processors + 2)
        guard !chaos.isEmpty else { return }
        let report = object?["chaos"] as? [String: Any]
        #expect(report?["kills"] as? Int == 3 && report?["zygoteKills"] as? Int == 1)
        // The run may be over before the one that was struck last is back.
        #expect(report?["restarts"] as? Int ?? 0 >= 2)
        #expect(report?["redeliveries"] as? Int ?? 0 > 0)
        #expect(report?["cleanSeconds"] as? Double ?? 0 > 0)
    }
}
