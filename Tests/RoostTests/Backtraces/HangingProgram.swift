import Foundation

/// A program in place of `swift-backtrace` that says who it is, and never ends by itself.
final class HangingProgram {
    private let directory: URL
    private var told: FileHandle?
    private var fifo: URL { directory.appending(path: "started") }

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "roost-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        guard unsafe mkfifo(fifo.path, 0o600) == 0 else { throw POSIXError(.EIO) }
        // For writing too, so that opening it waits for nobody.
        told = FileHandle(forUpdatingAtPath: fifo.path)
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
    ///
    /// - Returns: nothing when that has not happened within the limit.
    func started(within limit: Duration = .seconds(20)) -> [Int32] {
        guard let told else { return [] }
        var entry = pollfd(fd: told.fileDescriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&entry, 1, Int32(limit / .milliseconds(1))) == 1 else { return [] }
        return String(decoding: told.availableData, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            .compactMap { Int32($0) }
    }
}
