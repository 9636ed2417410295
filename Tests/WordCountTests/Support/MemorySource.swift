@testable import WordCount

/// Bytes that are read as a file is, in reads of at most `largest` bytes.
struct MemorySource: ByteSource {
    var bytes: [UInt8]
    var largest = Int.max

    func read(into space: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemError) -> Int {
        guard offset < bytes.count else { return 0 }
        let count = min(space.count, largest, bytes.count - offset)
        unsafe space.copyBytes(from: bytes[offset..<offset + count])
        return count
    }
}
