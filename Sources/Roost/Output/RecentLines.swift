/// The last lines of a stream, within a bound: what a crash report shows of standard error.
struct RecentLines {
    static let maximumLines = 20
    static let maximumBytes = 8 * 1_024

    private var lines: [[UInt8]] = []
    private var bytes = 0
    /// The line that says why, pushed out by the stack trace that Swift prints after it.
    private var cause: [UInt8]?

    /// Adds a line and forgets the oldest ones past the bound.
    mutating func add(_ line: [UInt8]) {
        lines.append(line)
        bytes += line.count
        while isFull, !lines.isEmpty {
            let oldest = lines.removeFirst()
            bytes -= oldest.count
            if Self.saysWhy(oldest) { keep(oldest) }
        }
    }

    private var isFull: Bool {
        lines.count + (cause == nil ? 0 : 1) > Self.maximumLines || bytes > Self.maximumBytes
    }

    // Unless it is as long as all lines together may be.
    private mutating func keep(_ line: [UInt8]) {
        guard line.count <= Self.maximumBytes / 2 else { return }
        bytes += line.count - (cause?.count ?? 0)
        cause = line
    }

    private static func saysWhy(_ line: [UInt8]) -> Bool {
        String(decoding: line, as: UTF8.self).contains("Fatal error: ")
    }

    /// The lines, oldest first; what is no UTF-8 is shown as U+FFFD.
    ///
    /// When the last `Fatal error: …` is older than all of them it comes before them.
    var texts: [String] {
        (cause.map { [$0] } ?? []).map(Self.text) + lines.map(Self.text)
    }

    private static func text(_ line: [UInt8]) -> String { String(decoding: line, as: UTF8.self) }
}
