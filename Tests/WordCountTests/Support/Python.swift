import Foundation
import TestPrograms

@testable import WordCount

/// Runs the scripts in `Fixtures`.
enum Python {
    struct Failure: Error {
        var end: TestProgram.End
    }

    static var fixtures: URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures").standardized
    }

    /// The corpus that comes with the example.
    static var corpus: InputPath {
        InputPath(fixtures.appending(path: "../../../Examples/WordCount/Corpus/texts").standardized.path)
    }

    /// What the reference prints.
    static func reference(_ mode: WordMode, _ paths: [InputPath], top: Int? = nil) throws -> [UInt8] {
        let limit = top.map { ["--top", "\($0)"] } ?? []
        return try run("reference.py", [mode.rawValue] + limit + paths.map(\.description))
    }

    /// Makes a text; see `generate.py`.
    static func generate(_ kind: String, seed: Int, bytes: Int, to path: InputPath) throws {
        let corpus = Python.corpus.description
        _ = try run(
            "generate.py", [kind, "--seed", "\(seed)", "--bytes", "\(bytes)", path.description, corpus])
    }

    private static func run(_ script: String, _ arguments: [String]) throws -> [UInt8] {
        let program = try TestProgram(
            "/usr/bin/env", ["python3", fixtures.appending(path: script).path] + arguments, output: .pipe)
        let bytes = program.remainingOutput()
        let end = program.wait()
        guard end == .exited(0) else { throw Failure(end: end) }
        return bytes
    }
}
