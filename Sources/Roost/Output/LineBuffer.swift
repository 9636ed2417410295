/// Cuts a stream of bytes into lines: bytes in, whole lines out, without their ends.
///
/// Lines are bytes: what is no UTF-8 passes as it is. A line longer than the limit comes out in pieces.
struct LineBuffer {
    static let lineLimit = 8 * 1_024

    private let limit: Int
    private var begun: [UInt8] = []

    init(limit: Int = LineBuffer.lineLimit) {
        self.limit = limit
    }

    /// Takes bytes as they come and returns the lines that they complete.
    mutating func append(_ bytes: UnsafeRawBufferPointer) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = unsafe bytes[...]
        while let first = unsafe rest.first {
            if first == UInt8(ascii: "\n") {
                lines.append(takeBegun())
                unsafe rest = rest.dropFirst()
                continue
            }
            // Only now, so that a line of just the limit is not followed by an empty one.
            if begun.count == limit { lines.append(takeBegun()) }
            let reach = unsafe rest.prefix(limit - begun.count)
            let piece = unsafe reach.prefix { $0 != UInt8(ascii: "\n") }
            unsafe begun.append(contentsOf: piece)
            unsafe rest = rest.dropFirst(piece.count)
        }
        return lines
    }

    /// The stream has ended: the last line, if it had no end.
    mutating func finish() -> [UInt8]? {
        begun.isEmpty ? nil : takeBegun()
    }

    // A new array, so that a stream that rests holds no memory.
    private mutating func takeBegun() -> [UInt8] {
        defer { begun = [] }
        return begun
    }
}
