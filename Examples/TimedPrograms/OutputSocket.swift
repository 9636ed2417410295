import Glibc
import Synchronization

/// One of a program's output streams, and this process's end of it.
///
/// A pair of sockets: unlike a pipe's, its ends can be made close-on-exec from the beginning.
final class OutputSocket: Sendable {
    let reader: Int32
    private let writerEnd: Mutex<Int32?>

    init() throws(TimedProgramError) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw TimedProgramError(call: "socketpair", number: errno)
        }
        reader = ends[0]
        writerEnd = Mutex(ends[1])
    }

    deinit {
        closeWriter()
        close(reader)
    }

    /// The program's end; -1 once it is closed here.
    var writer: Int32 { writerEnd.withLock { $0 ?? -1 } }

    /// Closes the program's end in this process, so that its text ends with the last process that has it.
    func closeWriter() {
        writerEnd.withLock { end in
            if let end { close(end) }
            end = nil
        }
    }

    /// Everything that is written, until nobody is left who could.
    func text() async -> String {
        await onBlockingThread { [self] in
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = unsafe read(reader, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
                bytes += buffer[..<count]
            }
        }
    }
}
