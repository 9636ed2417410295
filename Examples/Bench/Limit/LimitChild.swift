import Glibc

/// The other side of a limit: what this program does when it is started with `--limit-child ROLE FD`.
struct LimitChild {
    enum Role: String {
        /// Sends back what comes.
        case echo
        /// Counts frames, and answers with the count and the sum of their numbers.
        case count
    }

    static let option = "--limit-child"

    private let role: Role
    private let socket: Int32

    /// Nil when the program was not started for this.
    init?(_ words: [String]) {
        guard words.count == 3, words[0] == Self.option, let role = Role(rawValue: words[1]),
            let socket = Int32(words[2])
        else { return nil }
        self.role = role
        self.socket = socket
    }

    /// Serves until the other side closes the socket.
    func serve() {
        switch role {
        case .echo: echo()
        case .count: count()
        }
    }

    private func echo() {
        unsafe withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 8) { buffer in
            while true {
                let count = unsafe read(socket, buffer.baseAddress, buffer.count)
                guard count > 0 else { return }
                guard unsafe write(socket, buffer.baseAddress, count) == count else { return }
            }
        }
    }

    // A read may end within a frame: its number is then read once the rest has come.
    private func count() {
        var totals = FrameStream.Totals()
        unsafe withUnsafeTemporaryAllocation(byteCount: FrameStream.bufferSize, alignment: 8) { buffer in
            var filled = 0
            while totals.last != 0 {
                let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                let count = unsafe read(socket, room.baseAddress, room.count)
                guard count > 0 else { return }
                filled += count
                let whole = filled - filled % FrameStream.frameSize
                unsafe totals.add(UnsafeRawBufferPointer(rebasing: buffer[..<whole]))
                unsafe buffer.copyBytes(from: UnsafeRawBufferPointer(rebasing: buffer[whole..<filled]))
                filled -= whole
            }
        }
        unsafe withUnsafeBytes(of: totals) { _ = unsafe write(socket, $0.baseAddress, $0.count) }
    }
}
