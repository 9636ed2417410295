internal import RoostPlatform

/// Lines that wait to be written, within a bound: what does not fit is dropped, and the loss is said.
///
/// Once a line was dropped, more are until half of the queue has been written: a reader that is a little
/// too slow gets long stretches without gaps, and few notices.
struct OutputQueue {
    static let byteLimit = 1 << 20
    /// What the kernel writes to a pipe in one piece: PIPE_BUF.
    static let writeLimit = 4_096

    private let limit: Int
    private var lines = RingBuffer<[UInt8]>()
    private var bytes = 0
    private var dropped = 0
    /// How many lines were ever taken in.
    private(set) var accepted = 0
    /// How many of them have been taken out.
    private(set) var taken = 0

    init(limit: Int = OutputQueue.byteLimit) {
        self.limit = limit
    }

    var isEmpty: Bool { lines.isEmpty && dropped == 0 }

    /// Takes in a line, its end included, or drops it.
    mutating func append(_ line: [UInt8]) {
        let mayDrop = dropped > 0 ? bytes > limit / 2 : bytes + line.count > limit
        // However long, it fits where nothing else is.
        if mayDrop && !lines.isEmpty {
            dropped += 1
            return
        }
        if dropped > 0 { enqueue(takeNotice()) }
        enqueue(line)
    }

    /// What is to be written next: as many whole lines as go in one piece, or one longer line.
    mutating func next() -> [UInt8]? {
        guard var chunk = popLine() else { return dropped > 0 ? takeNotice() : nil }
        while let line = lines.first, chunk.count + line.count <= Self.writeLimit {
            _ = popLine()
            chunk += line
        }
        return chunk
    }

    /// Forgets everything, since nobody reads it.
    mutating func removeAll() {
        while popLine() != nil {}
        dropped = 0
    }

    private mutating func enqueue(_ line: [UInt8]) {
        lines.append(line)
        bytes += line.count
        accepted += 1
    }

    private mutating func popLine() -> [UInt8]? {
        guard let line = lines.popFirst() else { return nil }
        bytes -= line.count
        taken += 1
        return line
    }

    private mutating func takeNotice() -> [UInt8] {
        defer { dropped = 0 }
        let what = dropped == 1 ? "1 line was" : "\(dropped) lines were"
        return Array("roost: \(what) dropped here: the output is not read fast enough\n".utf8)
    }
}
