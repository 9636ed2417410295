import Glibc

/// What is said, and where.
enum Output {
    /// Says on standard error how far it is, when a person is looking.
    static func progress(_ text: String) {
        if isatty(STDERR_FILENO) == 1 { complain(text) }
    }

    /// Says something on standard error.
    static func complain(_ text: String) {
        var line = text + "\n"
        line.withUTF8 { bytes in _ = unsafe write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }

    /// Shows what was printed now, also when it goes to a pipe or a file.
    static func flush() { fflush(nil) }
}
