import Glibc
import Synchronization

/// Standard error: messages, and the progress line that they must not run into.
final class Console: Sendable {
    private struct State {
        var display: ProgressDisplay
        var progress: Progress?
    }

    private let state: Mutex<State>

    init() {
        let columns = Self.columns
        state = Mutex(State(display: ProgressDisplay(isTerminal: columns != nil, columns: columns ?? 80)))
    }

    /// Writes a line.
    func say(_ line: String) {
        state.withLock { Self.write($0.display.makeRoom() + line + "\n") }
    }

    /// Shows how far the run has come, if it is time to.
    func show(_ progress: Progress) {
        state.withLock { state in
            state.progress = progress
            if let text = state.display.show(progress) { Self.write(text) }
        }
    }

    /// Takes the progress line away, so that standard output has the terminal.
    func makeRoom() {
        state.withLock { Self.write($0.display.makeRoom()) }
    }

    /// Says how far a run had come that ends now, unless somebody else is writing and does not get on.
    func sayInterrupted() {
        _ = state.withLockIfAvailable { state in
            let text =
                state.progress.map { "interrupted, and the words could not be collected in time: \($0.line)" }
                ?? "interrupted: nothing was counted"
            Self.write(state.display.makeRoom() + text + "\n")
        }
    }

    /// How wide the terminal is; nil if standard error is none.
    private static var columns: Int? {
        guard isatty(STDERR_FILENO) == 1 else { return nil }
        var size = winsize()
        let isKnown = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0
        return isKnown && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    private static func write(_ text: String) {
        guard !text.isEmpty else { return }
        var stream = OutputStream(descriptor: STDERR_FILENO)
        // Where messages cannot be written, nobody can be told.
        try? stream.write(text.utf8)
        try? stream.flush()
    }
}
