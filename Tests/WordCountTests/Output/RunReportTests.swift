import Foundation
import Testing

@testable import WordCount

@Suite struct RunReportTests {
    @Test func `the status says whether anything was left out`() {
        var report = RunReport(mode: .ascii)
        #expect(report.status == .everythingCounted)
        report.problems = [InputProblem(path: InputPath("a"), reason: .binary)]
        report.problems.append(InputProblem(path: InputPath("b"), reason: .emptyFile))
        #expect(report.status == .everythingCounted)
        report.problems.append(InputProblem(path: InputPath("c"), reason: .noSuchFile))
        #expect(report.status == .somethingLeftOut)
        report.isInterrupted = true
        #expect(report.status == .interrupted)
    }

    @Test func `a problem that several chunks met is told once`() {
        var report = RunReport(mode: .ascii)
        let problem = InputProblem(path: InputPath("a"), reason: .truncated(expected: 9, at: 3))
        report.note([problem])
        report.note([problem, InputProblem(path: InputPath("b"), reason: .binary)])
        #expect(report.problems.map(\.path.description) == ["a", "b"])
    }

    @Test func `every problem names its path and says what follows from it`() {
        let reasons: [InputProblem.Reason] = [
            .noSuchFile, .unreadable(errno: EACCES), .notAFile, .emptyFile, .emptyDirectory,
            .truncated(expected: 9, at: 3), .binary, .setAside(start: 5, end: 7, attempts: 3),
        ]
        for reason in reasons {
            let problem = InputProblem(path: InputPath("dir/name"), reason: reason)
            #expect(problem.description.hasPrefix("dir/name: "))
            #expect(problem.description.contains("left out") == problem.leavesSomethingOut)
        }
        let denied = InputProblem(path: InputPath("x"), reason: .unreadable(errno: EACCES))
        #expect(denied.description == "x: cannot be read (Permission denied); left out")
        let deadly = InputProblem(path: InputPath("x"), reason: .setAside(start: 5, end: 7, attempts: 3))
        #expect(deadly.description == "x: bytes 5..<7 killed 3 tokenizers; left out")
    }

    @Test func `the table has aligned columns`() {
        let workers = [
            WorkerSummary(
                name: "tokenizer-0", pid: 17, chunks: 50, bytes: 1_500_000, startUp: .milliseconds(10),
                working: .milliseconds(80), waiting: .milliseconds(10), restarts: 2),
            WorkerSummary(name: "r", pid: 123_456),
        ]
        let expected = [
            "worker          pid  chunks   bytes  start-up  waiting  working  restarts",
            "tokenizer-0      17      50  1.5 MB      10 %     10 %     80 %         2",
            "r            123456       0     0 B       0 %      0 %      0 %         0",
        ]
        #expect(WorkerTable.lines(workers) == expected)
        #expect(WorkerTable.lines([]) == [])
    }

    @Test func `chaos says what it did and what it cost`() {
        var report = RunReport(mode: .ascii, elapsed: .milliseconds(150))
        report.chaos = RunReport.Chaos(
            kills: 4, stops: 1, planned: 5, restarts: 5, redeliveries: 9, duplicates: 1,
            cleanTime: .milliseconds(100))
        let expected =
            "chaos: 5 of 5 strikes (kill=4, stop=1, zygote=0), 5 restarts, 9 redeliveries, "
            + "1 duplicates, 50 % slower than the clean run"
        #expect(report.lines.contains(expected))
        report.chaos?.redeliveries = 0
        #expect(report.lines.contains { $0.hasSuffix("this was no test") })
    }

    @Test func `the JSON object is one that others can read`() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "word-count-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: url) }
        _ = FileManager.default.createFile(atPath: url.path, contents: nil)
        let handle = try FileHandle(forWritingTo: url)
        var report = RunReport(mode: .unicode, files: 1, bytes: 10, words: 3)
        report.problems = [InputProblem(path: InputPath("a\"\\\n\u{7f}é"), reason: .binary)]
        report.workers = [
            WorkerSummary(name: "tokenizer-0", pid: 1), WorkerSummary(name: "reducer-0", pid: 2),
        ]
        report.chaos = RunReport.Chaos(kills: 1, planned: 1, cleanTime: .seconds(1))
        var output = ResultOutput(descriptor: handle.fileDescriptor, isJSON: true)
        try output.add(Array("wörd".utf8), count: 2)
        try output.add(Array("x".utf8), count: 1)
        try output.finish(report)

        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
        let words = try #require(object?["words"] as? [[String: Any]])
        #expect(words.map { $0["word"] as? String } == ["wörd", "x"])
        #expect(words.map { $0["count"] as? Int } == [2, 1])
        #expect(object?["exitStatus"] as? Int == 0)
        #expect((object?["workers"] as? [Any])?.count == 2)
        let problems = try #require(object?["problems"] as? [[String: Any]])
        #expect(problems[0]["path"] as? String == "a\"\\\\u{a}\\u{7f}é")
        #expect((object?["chaos"] as? [String: Any])?["kills"] as? Int == 1)
    }

    @Test func `strings are escaped as JSON demands`() {
        var json = JSONWriter()
        json.openArray()
        json.value("\"\\\u{1}\u{1f}/é\u{1f600}")
        json.value(1.5)
        json.value(Double.infinity)
        json.value(true)
        json.openObject()
        json.closeObject()
        json.closeArray()
        let text = String(decoding: json.take(), as: UTF8.self)
        #expect(text == "[\"\\\"\\\\\\u0001\\u001f/é\u{1f600}\",1.500,null,true,{}]")
    }
}
