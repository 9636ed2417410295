import Glibc
import RoostPlatform
import RoostTesting

/// Stands in for the node's standard output and error: two pipes that the test reads.
final class Captured {
    enum Stream { case output, error }

    private let output: (reading: Int32, writing: Int32)
    private let error: (reading: Int32, writing: Int32)
    private var isReading = true

    init() throws {
        output = try OutputPipe.open()
        error = try OutputPipe.open()
    }

    deinit {
        if isReading { close(output.reading) }
        close(output.writing)
        close(error.reading)
        close(error.writing)
    }

    /// Options of a system whose workers' lines come here.
    func options(_ mode: WorkerOutput = .prefixed, _ method: SystemOptions.SpawnMethod = .zygote)
        -> SystemOptions
    {
        var options = SystemOptions()
        options.output = mode
        options.spawnMethod = method
        options.outputDescriptors = (output.writing, error.writing)
        return options
    }

    /// Nobody reads the output any more.
    func stopReading() {
        isReading = false
        close(output.reading)
    }

    /// What has been written since the last look.
    func text(_ stream: Stream = .output) -> String {
        var found: [UInt8] = []
        while let more = read(stream) { found += more }
        return String(decoding: found, as: UTF8.self)
    }

    func lines(_ stream: Stream = .output) -> [String] {
        text(stream).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    /// Reads until the text has come.
    func wait(for text: String) -> Bool {
        var found = ""
        while !found.contains(text) {
            var entry = pollfd(fd: output.reading, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&entry, 1, 20_000) == 1, let more = read(.output) else { return false }
            found = String(found.suffix(text.count)) + String(decoding: more, as: UTF8.self)
        }
        return true
    }

    private func read(_ stream: Stream) -> [UInt8]? {
        var room = [UInt8](repeating: 0, count: 65_536)
        let descriptor = stream == .output ? output.reading : error.reading
        let outcome = unsafe room.withUnsafeMutableBytes { unsafe OutputPipe.read(descriptor, into: $0) }
        guard case .moved(let count) = outcome else { return nil }
        return Array(room[..<count])
    }
}
