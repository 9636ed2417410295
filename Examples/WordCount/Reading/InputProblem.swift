/// Something about an input that a person should know, with the path it is about.
struct InputProblem: Error, Hashable, Codable, Sendable {
    /// What is the matter.
    enum Reason: Hashable, Codable, Sendable {
        case noSuchFile
        /// `open`, `read` or `opendir` failed with this error number.
        case unreadable(errno: Int32)
        /// Neither a file nor a directory: a pipe, a socket, a device.
        case notAFile
        case emptyFile
        case emptyDirectory
        /// The file ended at `at`, though it was `expected` bytes long when the work was planned.
        case truncated(expected: Int, at: Int)
        /// A zero byte was found in the first block.
        case binary
        /// Every attempt at these bytes ended with the tokenizer's death.
        case setAside(start: Int, end: Int, attempts: Int)
    }

    var path: InputPath
    var reason: Reason

    /// Whether bytes are missing from the counts because of it.
    ///
    /// An empty file has nothing to leave out, and a binary one is counted like any other: that is announced, and
    /// is not an error.
    var leavesSomethingOut: Bool {
        switch reason {
        case .noSuchFile, .unreadable, .notAFile, .truncated, .setAside: true
        case .emptyFile, .emptyDirectory, .binary: false
        }
    }
}

extension InputProblem: CustomStringConvertible {
    /// One line for a person.
    var description: String {
        switch reason {
        case .noSuchFile: "\(path): no such file or directory; left out"
        case .unreadable(let errno): "\(path): cannot be read (\(SystemError(errno))); left out"
        case .notAFile: "\(path): neither a file nor a directory; left out"
        case .emptyFile: "\(path): is empty"
        case .emptyDirectory: "\(path): is an empty directory"
        case .truncated(let expected, let at):
            "\(path): became shorter while it was read: \(expected) bytes when planned, "
                + "\(at) when read; the rest is left out"
        case .binary: "\(path): looks like a binary file (zero bytes in its first block); counted anyway"
        case .setAside(let start, let end, let attempts):
            "\(path): bytes \(start)..<\(end) killed \(attempts) tokenizers; left out"
        }
    }
}
