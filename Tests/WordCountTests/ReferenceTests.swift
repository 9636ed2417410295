import Foundation
import TestPrograms
import Testing

@testable import WordCount

/// The counts of the pure parts, put together in one process, against Python's, byte for byte.
@ProcessTests @Suite struct ReferenceTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test(arguments: WordMode.allCases)
    func `the common licences are counted like the reference`(mode: WordMode) throws {
        try expectReference([InputPath("/usr/share/common-licenses")], mode, chunkSize: 10_000)
    }

    @Test(arguments: WordMode.allCases)
    func `the corpus is counted like the reference`(mode: WordMode) throws {
        try expectReference([Python.corpus], mode, chunkSize: 4_099)
    }

    @Test(arguments: WordMode.allCases, [11, 12, 13])
    func `a multilingual text with broken UTF-8 is counted like the reference`(
        mode: WordMode, seed: Int
    ) throws {
        let path = directory.path("broken.txt")
        try Python.generate("broken", seed: seed, bytes: 1_000_000, to: path)
        try expectReference([path], mode, chunkSize: 1_009 * seed)
    }

    /// `WORDCOUNT_LARGE=1` makes it 200 MB, which a debug build takes a while for.
    @Test(arguments: WordMode.allCases)
    func `generated text is counted like the reference`(mode: WordMode) throws {
        let isLarge = ProcessInfo.processInfo.environment["WORDCOUNT_LARGE"] != nil
        let path = directory.path("zipf.txt")
        try Python.generate("zipf", seed: 7, bytes: isLarge ? 200_000_000 : 4_000_000, to: path)
        try expectReference([path], mode, chunkSize: 1 << 20)
    }

    @Test func `every scalar that Python knows is counted like the reference`() throws {
        var bytes: [UInt8] = []
        for value in UInt32(1)..<0x110000 {
            guard let scalar = Unicode.Scalar(value), isAssignedInUnicode14(scalar) else { continue }
            bytes += Array("a\(scalar)b \(scalar) ".utf8)
        }
        let path = try directory.write(bytes, to: "scalars.txt")
        try expectReference([path], .unicode, chunkSize: 1 << 20)
    }

    @Test(arguments: ["", " ", "a", " a", "a ", "\0", "a\0b", "Don't", "I\u{130}I", "\u{300}", "x²"])
    func `small texts are counted like the reference`(text: String) throws {
        let path = try directory.write(text.utf8, to: "small.txt")
        for mode in WordMode.allCases { try expectReference([path], mode, chunkSize: 1) }
    }

    @Test func `a megabyte token is counted like the reference`() throws {
        let token = String(repeating: "Word", count: 300_000)
        let path = try directory.write("a \(token) b \(token)é \(token)".utf8, to: "token.txt")
        for mode in WordMode.allCases { try expectReference([path], mode, chunkSize: 100_000) }
    }

    @Test func `ascii mode prints what the shell prints, but for the empty word`() throws {
        let path = InputPath("/usr/share/common-licenses/GPL-3")
        let pipeline = "LC_ALL=C tr -cs 'A-Za-z' '\\n' < \(path) | tr 'A-Z' 'a-z' | LC_ALL=C sort | uniq -c"
        let table = " | awk 'NF == 2 { printf \"%d\\t%s\\n\", $1, $2 }'"
        let lines = try TestProgram("/bin/sh", ["-c", pipeline + table], output: .pipe).remainingLines()
        let ours = try count([path], .ascii, chunkSize: 512).split(separator: UInt8(ascii: "\n"))
        #expect(Set(lines) == Set(ours.map { String(decoding: $0, as: UTF8.self) }))
    }

    @Test(arguments: 1...3)
    func `the number of reducers does not change the output`(reducers: Int) throws {
        let expected = try Python.reference(.unicode, [Python.corpus], top: 20)
        var arguments = Arguments(workers: 2)
        arguments.reducers = reducers
        #expect(try output(arguments, [Python.corpus], chunkSize: 50_000) == expected)
    }

    private func expectReference(_ paths: [InputPath], _ mode: WordMode, chunkSize: Int) throws {
        let expected = try Python.reference(mode, paths)
        let counted = try count(paths, mode, chunkSize: chunkSize)
        // Not #expect(counted == expected): telling the difference of two arrays of megabytes takes minutes.
        let isEqual = counted == expected
        #expect(isEqual, "\(counted.count) bytes against \(expected.count)")
    }

    private func count(_ paths: [InputPath], _ mode: WordMode, chunkSize: Int) throws -> [UInt8] {
        var arguments = Arguments(workers: 2)
        arguments.mode = mode
        arguments.selection = .all
        return try output(arguments, paths, chunkSize: chunkSize)
    }

    private func output(_ arguments: Arguments, _ paths: [InputPath], chunkSize: Int) throws -> [UInt8] {
        let run = LocalRun(arguments, FileSurvey(paths), chunkSize: chunkSize)
        let url = directory.url.appending(path: "output")
        _ = FileManager.default.createFile(atPath: url.path, contents: nil)
        let handle = try FileHandle(forWritingTo: url)
        try run.write(arguments, to: handle.fileDescriptor)
        return try Array(Data(contentsOf: url))
    }

    private func isAssignedInUnicode14(_ scalar: Unicode.Scalar) -> Bool {
        guard let age = scalar.properties.age else { return false }
        return age.major <= 14
    }
}
