import Foundation

/// A node that is a program of its own, so that a test can end it.
final class NodeProgram {
    let process = Process()
    private let output = Pipe()
    private let input = Pipe()
    private var unread = Data()

    /// Starts `NodeUnderTest` with arguments.
    init(_ arguments: String...) throws {
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("NodeUnderTest")
        process.arguments = arguments
        process.standardOutput = output
        process.standardInput = input
        try process.run()
    }

    /// The next line of its standard output; nil at its end.
    func nextLine() -> String? {
        while !unread.contains(10) {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { return nil }
            unread.append(more)
        }
        let line = unread.prefix { $0 != 10 }
        unread = unread.dropFirst(line.count + 1)
        return String(decoding: line, as: UTF8.self)
    }

    /// The numbers in its next line.
    func nextNumbers() -> [Int32] {
        (nextLine() ?? "").split(separator: " ").compactMap { Int32($0) }
    }

    /// All lines up to the end of its output.
    func remainingLines() -> [String] {
        var lines: [String] = []
        while let line = nextLine() { lines.append(line) }
        return lines
    }

    /// Ends its standard input, on which it ends by itself.
    func closeInput() throws {
        try input.fileHandleForWriting.close()
    }
}
