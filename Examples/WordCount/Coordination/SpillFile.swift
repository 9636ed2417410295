import Glibc

/// A temporary file that has no name: it is gone when its descriptor is closed, by whatever end.
struct SpillFile: ~Copyable {
    private let descriptor: Int32

    /// `TMPDIR`, or `/tmp`.
    static var usualDirectory: InputPath {
        guard let value = unsafe getenv("TMPDIR"), unsafe value.pointee != 0 else { return InputPath("/tmp") }
        return unsafe InputPath(bytes: Array(UnsafeRawBufferPointer(start: value, count: strlen(value))))
    }

    init(in directory: InputPath) throws(SystemError) {
        // O_TMPFILE, a macro that Swift does not see.
        let flags = 0o20000000 | O_DIRECTORY | O_RDWR | O_CLOEXEC
        let unnamed = unsafe directory.withCString { unsafe open($0, flags, 0o600) }
        if unnamed >= 0 {
            descriptor = unnamed
            return
        }
        // Not every file system has O_TMPFILE: make one with a name, and take the name away.
        var name =
            directory.appending(Array("word-count-XXXXXX".utf8)).bytes.map { CChar(bitPattern: $0) } + [0]
        descriptor = unsafe mkstemp(&name)
        guard descriptor >= 0 else { throw SystemError.last }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unsafe unlink(name)
    }

    deinit {
        close(descriptor)
    }

    /// Writes all the bytes at an offset.
    func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
                return unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            }
            guard written >= 0 else {
                let error = SystemError.last
                if error.number == EINTR { continue }
                throw error
            }
            done += written
        }
    }

    /// Reads `count` bytes that were written at an offset.
    func read(_ count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let added = unsafe bytes.withUnsafeMutableBytes { buffer in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
                return unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            }
            guard added > 0 else {
                let error = added == 0 ? SystemError(EIO) : SystemError.last
                if error.number == EINTR { continue }
                throw error
            }
            done += added
        }
        return bytes
    }
}
