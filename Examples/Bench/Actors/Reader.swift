import Distributed
import Roost

/// Reads all that it is given.
distributed actor Reader: ProcessActor {
    distributed func read(_ blob: Blob) -> UInt64 { Self.sum(blob.bytes) }

    distributed func read(_ bytes: [UInt8]) -> UInt64 { unsafe Self.sum(bytes.span.bytes) }

    /// Of the bytes taken as numbers of 8; what is left over at the end does not count.
    static func sum(_ bytes: RawSpan) -> UInt64 {
        var sum: UInt64 = 0
        for offset in stride(from: 0, to: bytes.byteCount & ~7, by: 8) {
            sum &+= unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
        }
        return sum
    }
}
