internal import Glibc

/// How the Swift runtime of a process is to make a backtrace when it crashes.
///
/// The runtime reads it from `SWIFT_BACKTRACE` when it is loaded; see `docs/Backtracing.rst` of Swift.
package struct BacktraceSettings: Equatable, Sendable {
    /// How long it may take.
    package var limit: Duration
    /// The program that makes it; nil for the one that the runtime finds.
    package var program: String?

    package init(limit: Duration, program: String?) {
        self.limit = limit
        self.program = program
    }

    /// The limit, rounded up.
    var seconds: Int {
        Int(clamping: min(limit.components.seconds, 1 << 30) + (limit.components.attoseconds > 0 ? 1 : 0))
    }

    /// The value of `SWIFT_BACKTRACE`.
    package var text: String {
        var settings = [
            "enable=yes", "interactive=no", "color=no", "warnings=suppressed", "format=json",
            "output-to=stderr", "threads=crashed", "registers=none", "images=none", "sanitize=no",
        ]
        if let program { settings.append("swift-backtrace=\(program)") }
        return settings.joined(separator: ",")
    }
}

/// A copy of a crashed worker, of which a backtrace is being made; a child of the node's loop's thread, and the
/// leader of a process group.
package struct BacktraceCopy: Equatable, Error, Sendable {
    package var processID: Int32
    /// The number that the copy has for the reading end of a pipe.
    package var descriptor: Int32

    /// Opens what the backtrace is to be read from, without waiting; it ends when the backtrace does.
    package func open() throws(SystemError) -> Descriptor {
        let path = "/proc/\(processID)/fd/\(descriptor)"
        let raw = unsafe path.withCString { path in
            retryingInterrupts { unsafe Int(Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)) }
        }
        guard raw >= 0 else { throw SystemError("open \(path)") }
        return Descriptor(owning: Int32(raw))
    }
}
