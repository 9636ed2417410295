internal import Glibc

/// What the kernel says about a running process, in `/proc`.
package enum ProcessStatus {
    /// What a process is doing.
    package enum State: Hashable, Sendable {
        /// It runs, or waits for something.
        case alive
        /// It was stopped, by a signal or a debugger.
        case stopped
        /// It has ended, and may not have been reaped yet.
        case ended
    }

    /// The memory of the process that is in the machine's, in bytes; nil when there is no such process.
    package static func residentMemory(of pid: Int32) -> Int? {
        guard let text = contents(of: "/proc/\(pid)/statm") else { return nil }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    package static func state(of pid: Int32) -> State {
        switch fields(of: pid).first {
        case "T", "t": .stopped
        case "Z", "X", "x", nil: .ended
        default: .alive
        }
    }

    /// Whether the process has ended and is to be reaped by this parent.
    static func isZombie(_ pid: Int32, of parent: Int32) -> Bool {
        let fields = fields(of: pid)
        return fields.count == 2 && fields[0] == "Z" && fields[1] == "\(parent)"
    }

    // Its state and its parent.
    private static func fields(of pid: Int32) -> [Substring] {
        // The name before the state is in brackets, and may hold brackets itself.
        guard let text = contents(of: "/proc/\(pid)/stat"), let bracket = text.lastIndex(of: ")") else {
            return []
        }
        return Array(text[bracket...].dropFirst(2).split(separator: " ").prefix(2))
    }

    private static func contents(of path: String) -> String? {
        let raw = unsafe path.withCString { path in
            retryingInterrupts { unsafe Int(open(path, O_RDONLY | O_CLOEXEC)) }
        }
        guard raw >= 0 else { return nil }
        let file = Descriptor(owning: Int32(raw))
        var buffer = [UInt8](repeating: 0, count: 1_024)
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            retryingInterrupts { unsafe read(file.raw, bytes.baseAddress, bytes.count) }
        }
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }
}
