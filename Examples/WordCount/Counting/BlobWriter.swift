/// Writes counts as blobs: for each word its length, its bytes, and its count; the numbers in LEB128.
struct BlobWriter {
    private let partSize: Int
    private var parts: [[UInt8]] = []
    private var part: [UInt8] = []

    init(partSize: Int) {
        self.partSize = partSize
    }

    mutating func add(_ word: UnsafeRawBufferPointer, times count: UInt64) {
        appendNumber(UInt64(word.count))
        unsafe part.append(contentsOf: word)
        appendNumber(count)
        if part.count >= partSize { closePart() }
    }

    /// The parts written, none of them empty.
    consuming func finish() -> [[UInt8]] {
        if !part.isEmpty { closePart() }
        return parts
    }

    private mutating func closePart() {
        parts.append(part)
        part = []
    }

    private mutating func appendNumber(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            part.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        part.append(UInt8(truncatingIfNeeded: rest))
    }
}
