import Glibc
import RoostPlatform

/// A descriptor of this very process, written to behind Roost's back.
struct RawSocket: Hashable {
    /// Where a worker finds its control socket.
    static let control = RawSocket(descriptor: 3)
    /// Where it finds the pipe in which all workers tell their crashes.
    static let crashPipe = RawSocket(descriptor: 4)

    let descriptor: Int32

    /// The stream sockets of this process but its control socket.
    static var dataSockets: Set<RawSocket> {
        Set((4..<1_024).map(RawSocket.init).filter { $0.isStreamSocket })
    }

    private var isStreamSocket: Bool {
        var type: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        let result = unsafe getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size)
        return result == 0 && type == Int32(SOCK_STREAM.rawValue)
    }

    /// Writes as much as the other side takes; gives up when it takes nothing for a while.
    ///
    /// Returns whether all of it was taken.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        return write(&rest)
    }

    /// The same, leaving what was not taken.
    func write(_ rest: inout ArraySlice<UInt8>) -> Bool {
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe send(
                    descriptor, $0.baseAddress, $0.count,
                    Int32(truncatingIfNeeded: Int(MSG_NOSIGNAL) | Int(MSG_DONTWAIT)))
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                guard waitWritable() else { return false }
            } else {
                return false
            }
        }
        return true
    }

    /// Writes one packet into a pipe.
    func writePacket(_ bytes: [UInt8]) {
        if waitWritable() { unsafe _ = Glibc.write(descriptor, bytes, bytes.count) }
    }

    /// Writes a byte with a descriptor attached.
    func attach(descriptor other: Int32) {
        let byte: [UInt8] = [0]
        _ = unsafe byte.withUnsafeBytes { unsafe Sockets.send(descriptor, $0, descriptors: [other]) }
    }

    private func waitWritable() -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&entry, 1, 300) == 1 && entry.revents & Int16(POLLOUT) != 0
    }
}
