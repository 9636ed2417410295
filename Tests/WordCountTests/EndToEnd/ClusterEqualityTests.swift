import Foundation
import Testing

@testable import WordCount

/// The program's standard output against the reference, byte for byte.
@ProcessTests @Suite struct ClusterEqualityTests {
    private static let licences = InputPath("/usr/share/common-licenses")

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test(arguments: WordMode.allCases, [1, 2, 3, 4])
    func `the licences, for every number of tokenizers and reducers`(
        mode: WordMode, tokenizers: Int
    ) throws {
        let expected = try Python.reference(mode, [Self.licences])
        for reducers in 1...3 {
            let run = try Program.run([
                "--all", "--mode", mode.rawValue, "--workers", "\(tokenizers)", "--reducers", "\(reducers)",
                Self.licences.description,
            ])
            #expect(run.status == 0)
            let isEqual = run.output == expected
            #expect(isEqual, "\(run.output.count) bytes against \(expected.count), \(reducers) reducers")
            #expect(RunLog(run.errors).restarts.count == tokenizers + reducers)
        }
    }

    @Test(arguments: WordMode.allCases)
    func `a multilingual text with broken UTF-8`(mode: WordMode) throws {
        let path = directory.path("broken.txt")
        try Python.generate("broken", seed: 5, bytes: 2_000_000, to: path)
        try expectReference(mode, [Python.corpus, path])
    }

    @Test func `a token of a megabyte`() throws {
        let token = String(repeating: "Wörd", count: 250_000)
        let path = try directory.write("a \(token) b \(token)é \(token)".utf8, to: "token.txt")
        try expectReference(.unicode, [path])
    }

    @Test func `one word that is nearly all of the text`() throws {
        var text = ""
        for number in 0..<2_000 { text += String(repeating: "the ", count: 99) + "w\(number)\n" }
        let path = try directory.write(text.utf8, to: "the.txt")
        try expectReference(.unicode, [path])
    }

    @Test func `many small files`() throws {
        for number in 0..<1_000 {
            try directory.write("file \(number) of many".utf8, to: "many/\(number % 10)/\(number)")
        }
        try expectReference(.unicode, [directory.path("many")])
    }

    /// `WORDCOUNT_LARGE=1` makes it 200 MB, which a debug build takes a while for.
    @Test(arguments: WordMode.allCases)
    func `generated text`(mode: WordMode) throws {
        let isLarge = ProcessInfo.processInfo.environment["WORDCOUNT_LARGE"] != nil
        let path = directory.path("zipf.txt")
        try Python.generate("zipf", seed: 7, bytes: isLarge ? 200_000_000 : 4_000_000, to: path)
        try expectReference(mode, [path])
    }

    @Test func `the corpus is counted when no file is named, and that is said`() throws {
        let expected = try Python.reference(.unicode, [Python.corpus], top: 5)
        let run = try Program.run(["--top", "5"])
        #expect(run.status == 0)
        #expect(run.output == expected)
        #expect(run.errors.contains("no file is named"))
        // What the README shows.
        let file = Python.fixtures.appending(path: "../../../Examples/WordCount/expected-output.txt")
        #expect(try run.output == Array(Data(contentsOf: file.standardized)))
    }

    private func expectReference(_ mode: WordMode, _ paths: [InputPath]) throws {
        let expected = try Python.reference(mode, paths)
        let run = try Program.run(["--all", "--mode", mode.rawValue] + paths.map(\.description))
        #expect(run.status == 0)
        let isEqual = run.output == expected
        #expect(isEqual, "\(run.output.count) bytes against \(expected.count)")
    }
}
