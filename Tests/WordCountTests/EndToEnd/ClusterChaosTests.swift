import Foundation
import Glibc
import Testing

@testable import WordCount

/// Real kills, and the same bytes.
@ProcessTests @Suite struct ClusterChaosTests {
    private let directory: TemporaryDirectory
    private let text: InputPath

    init() throws {
        directory = try TemporaryDirectory()
        text = directory.path("broken.txt")
        try Python.generate("broken", seed: 3, bytes: 500_000, to: text)
    }

    @Test(arguments: 1...20)
    func `every kind of process is killed and the output stays the same`(seed: Int) throws {
        let expected = try Python.reference(.unicode, [text])
        let tokenizers = 1 + seed % 4
        let reducers = 1 + seed % 3
        let run = try Program.run([
            "--all", "--workers", "\(tokenizers)", "--reducers", "\(reducers)", "--chaos",
            "kill=6,zygote=2,seed=\(seed)", text.description,
        ])
        #expect(run.status == 0)
        let isEqual = run.output == expected
        #expect(isEqual, "\(run.output.count) bytes against \(expected.count)")
        let log = RunLog(run.errors)
        #expect(log.planned == 8 && log.strikes == 8, "\(run.errors)")
        // Where there are others, the run may be over before one that was struck last is back.
        #expect(tokenizers > 1 || log.restarts(of: "tokenizer") > 0, "\(run.errors)")
        #expect(log.restarts(of: "reducer") > 0, "\(run.errors)")
        #expect(log.zygoteKills == 2)
        #expect(log.redeliveries > 0)
        #expect(run.errors.contains("than the clean run"))
    }

    @Test func `stopped processes are noticed, tokenizer and reducer`() throws {
        let expected = try Python.reference(.unicode, [text])
        let run = try Program.run(["--all", "--chaos", "stop=2,seed=4", text.description])
        #expect(run.status == 0)
        #expect(run.output == expected)
        let log = RunLog(run.errors)
        #expect(log.strikes == 2 && log.redeliveries > 0)
        #expect(log.restarts(of: "tokenizer") == 1 && log.restarts(of: "reducer") == 1)
    }

    @Test func `a chunk that kills three tokenizers is set aside, and the rest is counted`() throws {
        let sparse = try directory.write([], to: "deadly")
        try FileHandle(forWritingTo: directory.url.appending(path: "deadly")).truncate(atOffset: 200 << 20)
        let words = try directory.write("some words more words".utf8, to: "words")
        // Whether a chunk is hit three times is a race with its tokenizers, which are fast: often lost, not always.
        var end = try killTokenizers(of: [sparse, words])
        for _ in 1...50 where end.status == 0 { end = try killTokenizers(of: [sparse, words]) }
        #expect(end.status == 3)
        #expect(end.output == Array("2\twords\n1\tmore\n1\tsome\n".utf8))
        let place = /deadly: bytes (\d+)\.\.<(\d+) killed 3 tokenizers; left out/
        #expect(end.errors.firstMatch(of: place) != nil, "\(end.errors)")
    }

    /// Counts, and meanwhile kills every tokenizer that comes, until a chunk has been left out.
    private func killTokenizers(of paths: [InputPath]) throws -> Program.End {
        let program = try Program(["--workers", "1", "--reducers", "1"] + paths.map(\.description))
        let others = Set(program.tree().filter { !$0.key.hasPrefix("tokenizer") }.values)
        while ProcessList.isAlive(program.processID), !program.errors.text.contains("left out") {
            for child in ProcessList.children(of: program.processID) where !others.contains(child) {
                kill(child, SIGKILL)
            }
            sched_yield()
        }
        return program.end()
    }
}
