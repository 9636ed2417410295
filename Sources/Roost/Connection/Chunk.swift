internal import RoostWire

/// Received bytes, shared by the messages that lie in them.
///
/// Arguments are decoded straight from here; the block is used again once nobody refers to it.
@safe final class Chunk: @unchecked Sendable {
    // @unchecked: the receiving loop fills the block and then only reads what it has handed out; what
    // is handed out is never written again while anyone holds the chunk.
    let base: UnsafeMutableRawPointer
    let capacity: Int

    init(capacity: Int) {
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        self.capacity = capacity
    }

    convenience init(copying bytes: UnsafeRawBufferPointer) {
        self.init(capacity: max(bytes.count, 1))
        if let source = bytes.baseAddress { unsafe base.copyMemory(from: source, byteCount: bytes.count) }
    }

    deinit {
        unsafe base.deallocate()
    }

    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
    }
}

/// A stretch of received bytes that keeps its chunk alive.
struct Payload: Sendable {
    let chunk: Chunk
    let range: Range<Int>
    /// What the values in it refer to and came along: the memory of blobs.
    let attachments: [Attachment]

    init(chunk: Chunk, range: Range<Int>, attachments: [Attachment] = []) {
        self.chunk = chunk
        self.range = range
        self.attachments = attachments
    }

    init(copying writer: ByteWriter) {
        chunk = unsafe Chunk(copying: writer.bytes)
        range = 0..<writer.count
        attachments = writer.attachments
    }

    var count: Int { range.count }

    /// A reader over the bytes; the payload must outlive it.
    var reader: ByteReader { unsafe ByteReader(chunk.bytes(range)) }

    /// The first byte, if there is one.
    var firstByte: UInt8? {
        range.isEmpty ? nil : unsafe chunk.base.load(fromByteOffset: range.lowerBound, as: UInt8.self)
    }

    /// The same bytes without the first ones, with what came along.
    func dropFirst(_ count: Int, attachments: [Attachment]) -> Payload {
        Payload(chunk: chunk, range: range.lowerBound + count..<range.upperBound, attachments: attachments)
    }

    static let empty = Payload(chunk: Chunk(capacity: 1), range: 0..<0)
}
