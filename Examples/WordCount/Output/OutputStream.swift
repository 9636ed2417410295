import Glibc

/// A descriptor written to in large pieces, every error told.
///
/// A reader that has gone away (`word-count --all | head`) is an error like a full disk; `SIGPIPE` must be ignored
/// for that to be seen.
struct OutputStream: ~Copyable {
    private let descriptor: Int32
    private let bufferSize: Int
    private var buffer: [UInt8] = []

    /// A stream to a descriptor that somebody else closes.
    init(descriptor: Int32, bufferSize: Int = 64 << 10) {
        self.descriptor = descriptor
        self.bufferSize = bufferSize
    }

    /// Adds bytes, and writes when there are enough.
    mutating func write(_ bytes: some Collection<UInt8>) throws(SystemError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= bufferSize { try flush() }
    }

    /// Adds a line of the counts: count, tab, word.
    mutating func writeCount(_ count: UInt64, of word: [UInt8]) throws(SystemError) {
        buffer.append(contentsOf: String(count).utf8)
        buffer.append(UInt8(ascii: "\t"))
        buffer.append(contentsOf: word)
        try write(CollectionOfOne(UInt8(ascii: "\n")))
    }

    /// Writes what there is.
    mutating func flush() throws(SystemError) {
        var done = 0
        // What could not be written is not tried again.
        defer { buffer.removeAll(keepingCapacity: true) }
        while done < buffer.count {
            let written = unsafe buffer.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done)
            }
            guard written < 0 else {
                done += written
                continue
            }
            let error = SystemError.last
            switch error.number {
            case EINTR: continue
            // Somebody else has made the descriptor non-blocking: terminals are shared.
            case EAGAIN: waitUntilWritable()
            default: throw error
            }
        }
    }

    private func waitUntilWritable() {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&request, 1, -1)
    }
}
