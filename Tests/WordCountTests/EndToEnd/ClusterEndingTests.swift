import Foundation
import Glibc
import Testing

@testable import WordCount

/// Ends that nobody planned: kill -9, Ctrl-C, a reader that goes away.
@ProcessTests @Suite struct ClusterEndingTests {
    private let directory: TemporaryDirectory
    private let temporary: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        temporary = try TemporaryDirectory()
    }

    /// The corpus, and after it a text that takes for ever: a hole of 64 GB.
    private func endlessArguments() throws -> [String] {
        let path = try directory.write([], to: "hole")
        try FileHandle(forWritingTo: directory.url.appending(path: "hole")).truncate(atOffset: 64 << 30)
        return ["--reducers", "2", Python.corpus.description, path.description]
    }

    @Test(arguments: 1...5)
    func `SIGKILL to the node leaves no process, file or memory within a second`(round: Int) throws {
        let program = try Program(
            endlessArguments(), temporary: temporary, errors: .terminal(columns: 100))
        let tree = program.tree()
        #expect(tree.count == 5 || tree.count == Arguments.processors + 3, "\(tree)")
        // In each round after another number of progress lines.
        let isShown = program.errors.wait { $0.components(separatedBy: "queued").count > round }
        #expect(isShown)
        let children = ProcessList.children(of: program.processID)
        #expect(Set(tree.values).isSubset(of: children))

        let start = ContinuousClock.now
        program.signal(SIGKILL)
        while start.duration(to: .now) < .seconds(1), children.contains(where: ProcessList.isAlive) {
            sched_yield()
        }
        let left = children.filter(ProcessList.isAlive)
        let states = left.map { "\(ProcessList.describe($0))" }
        #expect(left.isEmpty, "after \(start.duration(to: .now)) of \(tree): \(states)")
        #expect(program.exitStatus() == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.url.path) == [])
        #expect(!ProcessList.openFiles.contains { $0.contains(temporary.url.lastPathComponent) })
        let sockets = try String(contentsOfFile: "/proc/net/unix", encoding: .utf8)
        #expect(!sockets.contains(temporary.url.lastPathComponent) && !sockets.contains("word-count"))
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `Ctrl-C ends the run within a second and says what was counted`(number: Int32) throws {
        // One tokenizer counts the corpus first, and has then reported it.
        let arguments = try ["--workers", "1"] + endlessArguments()
        let program = try Program(arguments, temporary: temporary, errors: .terminal(columns: 100))
        let tree = program.tree()
        #expect(program.errors.wait { $0.firstMatch(of: /, [1-9]\d* MB\/s/) != nil })
        let start = ContinuousClock.now
        program.signal(number)
        #expect(program.exitStatus() == 130)
        let elapsed = start.duration(to: .now)
        #expect(elapsed < .seconds(1), "\(elapsed)")
        #expect(!tree.values.contains(where: ProcessList.isAlive))
        let end = program.end()
        #expect(end.errors.contains("interrupted"), "\(end.errors)")
        let text = String(decoding: end.output, as: UTF8.self)
        let isLate = end.errors.contains("could not be collected in time")
        #expect(isLate || text.split(separator: "\n").count == 20, "\(text) \(end.errors)")
    }

    @Test func `Ctrl-C ends the run within a second also when nobody reads what it writes`() throws {
        let program = try Program(
            ["--all", Python.corpus.description], temporary: temporary, output: .blocked)
        let tree = program.tree()
        // As much as fits into a pipe: it is stuck in the next write.
        while program.unreadOutput < 65_536, ProcessList.isAlive(program.processID) { sched_yield() }
        let start = ContinuousClock.now
        program.signal(SIGINT)
        #expect(program.exitStatus() == 130)
        let elapsed = start.duration(to: .now)
        #expect(elapsed < .seconds(1), "\(elapsed)")
        while start.duration(to: .now) < .seconds(2), tree.values.contains(where: ProcessList.isAlive) {
            sched_yield()
        }
        #expect(!tree.values.contains(where: ProcessList.isAlive))
    }

    @Test func `Ctrl-C while files are looked for just ends the program`() throws {
        let names = (0..<40).map { "d\($0)" }
        for name in names { try directory.makeDirectory(name) }
        // Each directory leads to all others: the walk does not end in our time.
        for name in names {
            for other in names { try directory.link("\(name)/\(other)", to: "../\(other)") }
        }
        let program = try Program([directory.url.path], temporary: temporary)
        while !isHandled(SIGINT, by: program.processID), ProcessList.isAlive(program.processID) {
            sched_yield()
        }
        program.signal(SIGINT)
        let end = program.end()
        #expect(end.status == 130)
        #expect(end.errors.contains("nothing was counted"), "\(end.errors)")
    }

    @Test func `a reader that goes away is an error, not an end without a word`() throws {
        let program = try Program(["--all", Python.corpus.description], output: .closed)
        let tree = program.tree()
        let end = program.end()
        #expect(end.status == 3)
        #expect(end.errors.contains("standard output: Broken pipe"), "\(end.errors)")
        #expect(!tree.values.contains(where: ProcessList.isAlive))
    }

    /// Whether a process has a handler for a signal.
    private func isHandled(_ signal: Int32, by process: Int32) -> Bool {
        let status = FileManager.default.contents(atPath: "/proc/\(process)/status") ?? Data()
        let lines = String(decoding: status, as: UTF8.self).split(separator: "\n")
        let mask = lines.first { $0.hasPrefix("SigCgt:") }?.split(separator: "\t").last ?? "0"
        return (UInt64(mask, radix: 16) ?? 0) & (1 << UInt64(signal - 1)) != 0
    }
}
