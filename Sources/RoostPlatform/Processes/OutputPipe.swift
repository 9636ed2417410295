internal import CRoost
internal import Glibc

/// A pipe from a worker's standard output or error to the node.
package enum OutputPipe {
    /// Opens a pipe, both ends close-on-exec: reading never waits, writing does.
    package static func open() throws(SystemError) -> (reading: Int32, writing: Int32) {
        var reading: Int32 = -1
        var writing: Int32 = -1
        let error = unsafe roost_output_pipe(&reading, &writing)
        guard error == 0 else { throw SystemError("pipe2", error) }
        return (reading, writing)
    }

    /// Opens a place to write to where nothing is kept.
    package static func openNull() throws(SystemError) -> Int32 {
        let raw = unsafe Glibc.open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard raw >= 0 else { throw SystemError("open /dev/null") }
        return raw
    }

    /// Reads what is there, without waiting; ended when nobody has the writing end any more.
    package static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer)
        -> Sockets.Outcome
    {
        let count = retryingInterrupts { unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
        if count > 0 { return .moved(count) }
        if count == 0 { return .ended }
        return errno == EAGAIN ? .wouldBlock : .failed(errno)
    }

    /// Writes everything, for as long as that takes; false when nobody reads any more.
    ///
    /// For threads that take no signals: SIGPIPE would end the process.
    package static func writeWaiting(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = unsafe Glibc.write(
                    descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                if count > 0 {
                    written += count
                } else if count < 0 && errno == EAGAIN {
                    // Somebody made the open file nonblocking; it is shared with them.
                    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    unsafe _ = poll(&entry, 1, -1)
                } else if count == 0 || errno != EINTR {
                    return false
                }
            }
            return true
        }
    }
}
