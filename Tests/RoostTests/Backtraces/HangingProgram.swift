import Foundation

/// A program in place of `swift-backtrace` that says who it is, and never ends by itself.
final class HangingProgram {
    private let directory: URL
    private var fifo: URL { directory.appending(path: "started") }

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "roost-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        guard unsafe mkfifo(fifo.path, 0o600) == 0 else { throw POSIXError(.EIO) }
        // What it starts itself is to end with it.
        let script = "#!/bin/sh\nsleep 1000 &\necho $$ $PPID $! > \(fifo.path)\nwait\n"
        try Data(script.utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program.path)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    var program: URL { directory.appending(path: "hang") }

    /// Waits until it has been started: its process id, that of what it is to make a backtrace of, and that of
    /// what it has started itself.
    func started() throws -> [Int32] {
        let text = try FileHandle(forReadingFrom: fifo).readToEnd() ?? Data()
        return String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            .compactMap { Int32($0) }
    }
}
