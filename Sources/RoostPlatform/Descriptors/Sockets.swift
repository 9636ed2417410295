internal import CRoost
internal import Glibc

/// Unix domain sockets in connected pairs.
///
/// Holding an end *is* the permission to talk: there is no address.
package enum Sockets {
    package enum Kind {
        /// A byte stream: control and data sockets.
        case stream
        /// Packets with their boundaries kept: the zygote's socket.
        case packet
    }

    /// A connected pair, both ends close-on-exec.
    package static func pair(_ kind: Kind, nonblocking: Bool = true) throws(SystemError) -> Pair {
        var ends: (Int32, Int32) = (-1, -1)
        var type = kind == .stream ? Int32(SOCK_STREAM.rawValue) : Int32(SOCK_SEQPACKET.rawValue)
        type |= Int32(SOCK_CLOEXEC.rawValue)
        if nonblocking { type |= Int32(SOCK_NONBLOCK.rawValue) }
        let result = unsafe withUnsafeMutablePointer(to: &ends) {
            unsafe $0.withMemoryRebound(to: Int32.self, capacity: 2) {
                unsafe socketpair(AF_UNIX, type, 0, $0)
            }
        }
        guard result == 0 else { throw SystemError("socketpair") }
        return Pair(first: Descriptor(owning: ends.0), second: Descriptor(owning: ends.1))
    }

    /// The two ends of a pair.
    package struct Pair: ~Copyable {
        package var first: Descriptor
        package var second: Descriptor

        /// Takes the pair apart.
        package consuming func ends() -> (Int32, Int32) {
            (first.release(), second.release())
        }
    }

    /// What a send or receive came to.
    package enum Outcome: Equatable {
        case moved(Int)
        case wouldBlock
        case ended
        case failed(Int32)
    }

    /// Sends what fits, with descriptors attached to the first byte.
    package static func send(
        _ socket: Int32, _ bytes: UnsafeRawBufferPointer, descriptors: [Int32] = []
    ) -> Outcome {
        let sent =
            descriptors.isEmpty
            ? retryingInterrupts {
                unsafe Glibc.send(
                    socket, bytes.baseAddress, bytes.count, Int32(truncatingIfNeeded: Int(MSG_NOSIGNAL)))
            }
            : retryingInterrupts {
                unsafe descriptors.withUnsafeBufferPointer {
                    unsafe roost_send(
                        socket, bytes.baseAddress, bytes.count, $0.baseAddress, Int32($0.count))
                }
            }
        return outcome(sent, endIsZero: false)
    }

    /// Receives what is there, without waiting.
    package static func receive(_ socket: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        let received = retryingInterrupts {
            unsafe recv(
                socket, buffer.baseAddress, buffer.count, Int32(truncatingIfNeeded: Int(MSG_DONTWAIT)))
        }
        return outcome(received, endIsZero: true)
    }

    /// Receives what is there together with the descriptors that came along, without waiting.
    package static func receive(
        _ socket: Int32, into buffer: UnsafeMutableRawBufferPointer, descriptors: inout [Int32]
    ) -> Outcome {
        var found: (Int32, Int32, Int32, Int32) = (-1, -1, -1, -1)
        var count: Int32 = 4
        let received = retryingInterrupts {
            count = 4
            return unsafe withUnsafeMutablePointer(to: &found) {
                unsafe $0.withMemoryRebound(to: Int32.self, capacity: 4) {
                    unsafe roost_receive(
                        socket, buffer.baseAddress, buffer.count, $0, &count,
                        Int32(truncatingIfNeeded: Int(MSG_DONTWAIT)))
                }
            }
        }
        if received >= 0 && count > 0 {
            let all = [found.0, found.1, found.2, found.3]
            descriptors.append(contentsOf: all.prefix(Int(count)))
        }
        return outcome(received, endIsZero: true)
    }

    /// Waits until the socket takes bytes again; false when it does not by the deadline, or has ended.
    package static func waitWritable(_ socket: Int32, until deadline: Monotonic) -> Bool {
        while true {
            let left = Monotonic.now.duration(to: deadline).clampedNanoseconds
            guard left > 0 else { return false }
            var entry = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
            let ready = unsafe poll(&entry, 1, Int32(clamping: (left - 1) / 1_000_000 + 1))
            if ready < 0 && errno == EINTR { continue }
            return ready == 1 && entry.revents & Int16(POLLERR | POLLHUP) == 0
        }
    }

    /// Ends both directions at once, also for other holders of the same end.
    package static func shutDown(_ socket: Int32) {
        _ = shutdown(socket, Int32(SHUT_RDWR))
    }

    static func outcome(_ result: Int, endIsZero: Bool) -> Outcome {
        if result > 0 { return .moved(result) }
        if result == 0 { return endIsZero ? .ended : .moved(0) }
        switch errno {
        case EAGAIN: return .wouldBlock
        case EPIPE, ECONNRESET: return .ended
        default: return .failed(errno)
        }
    }
}
