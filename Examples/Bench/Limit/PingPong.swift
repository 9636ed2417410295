import Glibc

/// The two processes of a plain exchange: this one asks.
struct PingPong: Sendable {
    private let size: Int
    private let peer: Peer

    /// Starts the process that answers messages of `size` bytes.
    init(size: Int) throws {
        self.size = size
        peer = try Peer(.echo)
    }

    /// Sends a message and reads it back, `count` times, and tells how long each took.
    ///
    /// Blocks its thread.
    func timeExchanges(_ count: Int) throws -> [UInt64] {
        var message = Message(size: size)
        var answer = [UInt8](repeating: 0, count: size)
        var times: [UInt64] = []
        times.reserveCapacity(count)
        for number in 0..<count {
            message.number(number)
            let start = Clock.now
            let complete = exchange(message.bytes, &answer)
            times.append(Clock.now - start)
            try CheckFailed.unless(complete && answer == message.bytes, "exchange \(number) went wrong")
        }
        return times
    }

    private func exchange(_ message: [UInt8], _ answer: inout [UInt8]) -> Bool {
        let written = unsafe message.withUnsafeBytes { unsafe write(peer.socket, $0.baseAddress, $0.count) }
        guard written == size else { return false }
        return unsafe answer.withUnsafeMutableBytes { buffer in
            var filled = 0
            while filled < size {
                let count = unsafe read(peer.socket, buffer.baseAddress?.advanced(by: filled), size - filled)
                guard count > 0 else { return false }
                filled += count
            }
            return true
        }
    }

    /// Ends the other process.
    func end() {
        peer.end()
    }
}
