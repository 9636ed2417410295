import Glibc

/// A regular file open for reading.
struct RegularFile: ~Copyable, ByteSource {
    private let descriptor: Int32
    /// Its length when it was opened.
    let size: Int

    /// Opens a file.
    ///
    /// - Throws: ``InputProblem`` if there is none, it cannot be read, or it is something else.
    init(_ path: InputPath) throws(InputProblem) {
        // Without O_NONBLOCK, opening a pipe that took the file's place since the survey would wait for a writer.
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
        descriptor = unsafe path.withCString { unsafe open($0, flags) }
        guard descriptor >= 0 else {
            let error = errno
            throw InputProblem(path: path, reason: error == ENOENT ? .noSuchFile : .unreadable(errno: error))
        }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw InputProblem(path: path, reason: .notAFile)
        }
        size = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    borrowing func read(
        into space: UnsafeMutableRawBufferPointer, at offset: Int
    ) throws(SystemError) -> Int {
        while true {
            let count = unsafe pread(descriptor, space.baseAddress, space.count, off_t(offset))
            if count >= 0 { return count }
            let error = SystemError.last
            if error.number != EINTR { throw error }
        }
    }
}
