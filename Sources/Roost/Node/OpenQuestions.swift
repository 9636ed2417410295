/// What a worker has asked of the node and not been told yet: every question costs the node memory.
///
/// No honest actor comes near the limits. A worker beyond them has gone wrong, and is ended like one that
/// sends what is no message.
struct OpenQuestions: Equatable {
    /// Questions, watches and followed names together.
    static let maximum = 65_536
    /// Of the names that are followed, in bytes.
    static let maximumBytes = 16 << 20

    private(set) var count = 0
    private(set) var bytes = 0

    /// Notes a question; false when it is one too many.
    mutating func asked(bytes size: Int = 0) -> Bool {
        count += 1
        bytes += size
        return count <= Self.maximum && bytes <= Self.maximumBytes
    }

    /// Notes that one is answered, or taken back.
    mutating func answered(bytes size: Int = 0) {
        count -= 1
        bytes -= size
    }
}
