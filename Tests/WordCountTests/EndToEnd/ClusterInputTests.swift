import Foundation
import Glibc
import Testing

@testable import WordCount

/// Bad arguments and bad inputs: each is named, what can be counted is, and the exit status says which it was.
@ProcessTests @Suite struct ClusterInputTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test(arguments: [
        ["--frob"], ["--workers", "0"], ["--workers"], ["--mode", "latin"], ["--chaos", "kill"], ["--json=1"],
        ["--top", "5", "--all"],
    ])
    func `arguments that cannot work end with status 2`(arguments: [String]) throws {
        let end = try Program.run(arguments)
        #expect(end.status == 2)
        #expect(end.output == [])
        #expect(end.errors.hasPrefix("word-count: ") && end.errors.contains("usage: "))
    }

    @Test func `what can be counted is, and what is left out is named`() throws {
        let good = try directory.write("one two two".utf8, to: "good")
        let empty = try directory.write([], to: "empty")
        let binary = try directory.write([0, 0x61, 0], to: "binary")
        let pipe = directory.path("pipe")
        #expect(unsafe pipe.withCString { unsafe mkfifo($0, 0o600) } == 0)
        let missing = directory.path("missing")
        let end = try Program.run([good, empty, binary, pipe, missing].map(\.description))
        #expect(end.status == 3)
        #expect(end.output == Array("2\ttwo\n1\ta\n1\tone\n".utf8))
        #expect(end.errors.contains("\(empty): is empty"))
        #expect(end.errors.contains("\(binary): looks like a binary file"))
        #expect(end.errors.contains("\(pipe): neither a file nor a directory; left out"))
        #expect(end.errors.contains("\(missing): no such file or directory; left out"))
    }

    @Test func `nothing to count starts no process`() throws {
        let missing = try Program.run([directory.path("missing").description])
        #expect(missing.status == 3)
        #expect(missing.output == [] && !missing.errors.contains("└─"))
        let empty = try Program.run([directory.write([], to: "empty").description])
        #expect(empty.status == 0)
        #expect(empty.output == [])
    }

    @Test func `a file that is shorter than the system says is counted as far as it goes`() throws {
        // Files in /sys claim a page and have a few bytes.
        let path = "/sys/kernel/mm/transparent_hugepage/enabled"
        let end = try Program.run([path])
        #expect(end.status == 3)
        #expect(end.errors.contains("\(path): became shorter while it was read: 4096 bytes when planned"))
        #expect(String(decoding: end.output, as: UTF8.self).contains("1\talways\n"))
    }

    @Test func `a file that is truncated while it is read is counted as far as it goes`() throws {
        let hole = try directory.write([], to: "1-hole")
        try FileHandle(forWritingTo: directory.url.appending(path: "1-hole")).truncate(atOffset: 300 << 20)
        let text = String(repeating: "word ", count: 2_000)
        let path = try directory.write(text.utf8, to: "2-text")
        let program = try Program(["--workers", "1", hole.description, path.description])
        // The work is planned by now, and the hole takes a second or two.
        _ = program.tree()
        try FileHandle(forWritingTo: directory.url.appending(path: "2-text")).truncate(atOffset: 5_000)
        let end = program.end()
        #expect(end.status == 3)
        #expect(end.output == Array("1000\tword\n".utf8))
        let message = "\(path): became shorter while it was read: 10000 bytes when planned, 5000 when read"
        #expect(end.errors.contains(message), "\(end.errors)")
    }

    @Test func `help is printed and ends with status 0`() throws {
        let end = try Program.run(["--help"])
        #expect(end.status == 0)
        #expect(end.output == Array(Usage.text.utf8))
    }
}
