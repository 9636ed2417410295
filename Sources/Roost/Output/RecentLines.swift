/// The last lines of a stream, within a bound: what a crash report shows of standard error.
struct RecentLines {
    static let maximumLines = 20
    static let maximumBytes = 8 * 1_024

    private var lines: [[UInt8]] = []
    private var bytes = 0

    /// Adds a line and forgets the oldest ones past the bound.
    mutating func add(_ line: [UInt8]) {
        lines.append(line)
        bytes += line.count
        while lines.count > Self.maximumLines || bytes > Self.maximumBytes, !lines.isEmpty {
            bytes -= lines.removeFirst().count
        }
    }

    /// The lines, oldest first; what is no UTF-8 is shown as U+FFFD.
    var texts: [String] { lines.map { String(decoding: $0, as: UTF8.self) } }
}
