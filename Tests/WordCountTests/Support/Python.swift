import Foundation

@testable import WordCount

/// Runs the scripts in `Fixtures`.
enum Python {
    struct Failure: Error {
        var status: Int32
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
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", fixtures.appending(path: script).path] + arguments
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
        return Array(bytes)
    }
}
