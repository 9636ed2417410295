import Foundation

@testable import WordCount

/// A directory that is gone when the test is over.
final class TemporaryDirectory {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "word-count-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    var path: InputPath { InputPath(url.path) }

    /// The path of an entry.
    func path(_ name: String) -> InputPath { InputPath(url.appending(path: name).path) }

    /// Writes a file, making directories as needed.
    @discardableResult
    func write(_ bytes: some Collection<UInt8>, to name: String) throws -> InputPath {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return InputPath(file.path)
    }

    func makeDirectory(_ name: String) throws {
        try FileManager.default.createDirectory(
            at: url.appending(path: name), withIntermediateDirectories: true)
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: url.appending(path: name).path, withDestinationPath: target)
    }
}
