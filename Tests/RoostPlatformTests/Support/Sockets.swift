import Glibc
import RoostPlatform

/// Whether a read would find something, or the end.
func isReadable(_ descriptor: Int32, within milliseconds: Int32 = 0) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return retryingInterrupts { unsafe Int(poll(&entry, 1, milliseconds)) } == 1
}

/// Waits until nobody holds the other end: a process that another test has just forked may, until its exec.
func waitForEnd(of socket: Int32) {
    var entry = pollfd(fd: socket, events: 0, revents: 0)
    _ = retryingInterrupts { unsafe Int(poll(&entry, 1, 10_000)) }
}

extension Sockets {
    static func send(_ socket: Int32, _ bytes: [UInt8], descriptors: [Int32] = []) -> Outcome {
        unsafe bytes.withUnsafeBytes { unsafe send(socket, $0, descriptors: descriptors) }
    }

    /// Receives up to `limit` bytes.
    static func receive(_ socket: Int32, upTo limit: Int = 65_536) -> (outcome: Outcome, bytes: [UInt8]) {
        var bytes = [UInt8](repeating: 0, count: limit)
        let outcome = unsafe bytes.withUnsafeMutableBytes { unsafe receive(socket, into: $0) }
        guard case .moved(let count) = outcome else { return (outcome, []) }
        return (outcome, Array(bytes.prefix(count)))
    }

    /// Receives bytes together with the descriptors that came along.
    static func receiveAll(
        _ socket: Int32, upTo limit: Int = 65_536
    ) -> (outcome: Outcome, bytes: [UInt8], descriptors: [Int32]) {
        var bytes = [UInt8](repeating: 0, count: limit)
        var descriptors: [Int32] = []
        let outcome = unsafe bytes.withUnsafeMutableBytes {
            unsafe receive(socket, into: $0, descriptors: &descriptors)
        }
        guard case .moved(let count) = outcome else { return (outcome, [], descriptors) }
        return (outcome, Array(bytes.prefix(count)), descriptors)
    }

    /// Sends until the socket takes no more; returns how many bytes it took.
    static func fill(_ socket: Int32) -> Int {
        var total = 0
        while case .moved(let count) = send(socket, [UInt8](repeating: 7, count: 4_096)) { total += count }
        return total
    }
}
