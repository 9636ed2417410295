import Glibc

/// Frames of 64 bytes in full buffers of 64 KiB, from this process to another.
enum FrameStream {
    static let frameSize = 64
    static let bufferSize = 65_536

    /// What the receiver has seen; sent back as it lies in memory, to the same program.
    struct Totals: Equatable {
        var frames: UInt64 = 0
        /// The sum of the frames' numbers.
        var numbers: UInt64 = 0
        /// The number of the last frame: they are numbered downwards, and 0 ends the stream.
        var last = UInt64.max

        /// Takes a number of whole frames.
        mutating func add(_ bytes: UnsafeRawBufferPointer) {
            for offset in stride(from: 0, to: bytes.count, by: frameSize) {
                last = unsafe bytes.load(fromByteOffset: offset, as: UInt64.self)
                frames += 1
                numbers &+= last
            }
        }
    }

    /// Sends `count` frames and waits for the receiver's totals, blocking its thread.
    static func framesPerSecond(_ count: Int) throws -> Double {
        let peer = try Peer(.count)
        defer { peer.end() }
        let start = Clock.now
        try CheckFailed.unless(send(count, to: peer.socket), "the frames could not be written")
        let totals = try totals(from: peer.socket)
        let interval = Interval(start: start, end: Clock.now)
        let count = UInt64(count)
        let expected = Totals(frames: count, numbers: count * (count - 1) / 2, last: 0)
        try CheckFailed.unless(totals == expected, "the receiver has seen \(totals), not \(expected)")
        return Double(count) / interval.seconds
    }

    private static func send(_ count: Int, to socket: Int32) -> Bool {
        let frame = Message(size: frameSize)
        return unsafe frame.bytes.withUnsafeBytes { frame in
            unsafe withUnsafeTemporaryAllocation(byteCount: bufferSize, alignment: 8) { buffer in
                var filled = 0
                for number in (0..<UInt64(count)).reversed() {
                    let slot = unsafe UnsafeMutableRawBufferPointer(
                        rebasing: buffer[filled..<filled + frameSize])
                    unsafe slot.copyMemory(from: frame)
                    unsafe slot.storeBytes(of: number, as: UInt64.self)
                    filled += frameSize
                    if filled == bufferSize || number == 0 {
                        // A blocking socket takes all of it, unless a signal comes between.
                        guard unsafe write(socket, buffer.baseAddress, filled) == filled else { return false }
                        filled = 0
                    }
                }
                return true
            }
        }
    }

    private static func totals(from socket: Int32) throws -> Totals {
        var totals = Totals()
        let complete = unsafe withUnsafeMutableBytes(of: &totals) { buffer in
            unsafe recv(socket, buffer.baseAddress, buffer.count, Int32(MSG_WAITALL)) == buffer.count
        }
        try CheckFailed.unless(complete, "the receiver has not answered")
        return totals
    }
}
