/// Decides what of a run's progress is written to standard error, and when.
///
/// On a terminal it is one line that is written over, ten times a second at most. Elsewhere it is a plain line every
/// five seconds, without control characters, so that a log stays readable.
struct ProgressDisplay: Sendable {
    private static let clearLine = "\r\u{1b}[K"

    private let isTerminal: Bool
    private let columns: Int
    private let interval: Duration
    private var lastShown: Duration?
    private var isLineOpen = false

    init(isTerminal: Bool, columns: Int = 80) {
        self.isTerminal = isTerminal
        self.columns = columns
        interval = isTerminal ? .milliseconds(100) : .seconds(5)
        // In a log, the first line comes after the first interval: short runs need none.
        lastShown = isTerminal ? nil : .zero
    }

    /// What to write for the present progress; nil if it is too early.
    mutating func show(_ progress: Progress) -> String? {
        if let lastShown, progress.elapsed - lastShown < interval { return nil }
        lastShown = progress.elapsed
        guard isTerminal else { return progress.line + "\n" }
        isLineOpen = true
        // A line that wraps could not be written over. All of it is ASCII: a character is a column.
        return Self.clearLine + progress.line.prefix(max(1, columns - 1))
    }

    /// What to write before a message, so that it does not run into the progress line.
    mutating func makeRoom() -> String {
        guard isLineOpen else { return "" }
        isLineOpen = false
        return Self.clearLine
    }
}
