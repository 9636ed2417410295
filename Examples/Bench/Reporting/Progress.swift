import Glibc

/// What is said while it goes on, apart from the results: on standard error.
enum Progress {
    static func note(_ text: String) {
        var line = text
        line += "\n"
        line.withUTF8 { bytes in
            _ = unsafe write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }
}

/// The results' own stream.
enum Output {
    /// Shows what was printed now, also when it goes to a pipe or a file.
    static func flush() {
        fflush(nil)
    }
}
