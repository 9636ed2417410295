internal import RoostPlatform
internal import RoostWire

/// The large messages and replies that arrive in pieces, each read into the memory that it is served from.
///
/// A piece of none of them, or more bytes than were announced, is a violation by the other side.
struct InboundStreams {
    private struct Stream {
        let chunk: Chunk
        let size: Int
        var filled: Int
        let batch: DescriptorBatch?
    }

    private var open: [UInt32: Stream] = [:]
    private let limit: Int

    /// - Parameter limit: the largest body, in bytes.
    init(limit: Int) {
        self.limit = limit
    }

    /// A large frame begins.
    ///
    /// - Parameters:
    ///   - header: that of the frame, with its number and how many descriptors came with it.
    ///   - reader: stands behind the header, at the announced size; what follows that is the body's beginning.
    ///   - batch: the descriptors.
    /// - Throws: `WireError` when this cannot be the beginning of a large frame.
    mutating func begin(
        _ header: FrameHeader, _ reader: inout ByteReader, _ batch: DescriptorBatch?
    ) throws(WireError) {
        let size = try reader.readFixed(UInt64.self)
        guard size <= UInt64(limit) else {
            throw WireError(.tooLarge, "a message of \(size) bytes is announced and \(limit) are allowed")
        }
        guard size > UInt64(reader.remaining), open[header.call] == nil,
            open.count < OutgoingStreams.maximumOpen
        else {
            throw WireError(.malformed, "a large message begins with its end, twice, or is one too many")
        }
        let chunk = Chunk(capacity: Int(size))
        let filled = reader.remaining
        if let start = unsafe reader.unread.baseAddress {
            unsafe chunk.base.copyMemory(from: start, byteCount: filled)
        }
        open[header.call] = Stream(chunk: chunk, size: Int(size), filled: filled, batch: batch)
    }

    /// Where the next bytes of a piece belong, of which this many are still to come.
    func memory(of number: UInt32, count: Int) throws(WireError) -> UnsafeMutableRawBufferPointer {
        guard let stream = open[number] else {
            throw WireError(.malformed, "a piece of a message that has not begun")
        }
        guard count > 0, count <= stream.size - stream.filled else {
            throw WireError(.malformed, "a piece of \(count) bytes is too long, or empty")
        }
        return unsafe UnsafeMutableRawBufferPointer(start: stream.chunk.base + stream.filled, count: count)
    }

    /// So many bytes have been put there; the whole frame when they were the last.
    mutating func filled(_ number: UInt32, count: Int) -> InboundFrame? {
        open[number]?.filled += count
        guard let stream = open[number], stream.filled == stream.size else { return nil }
        open[number] = nil
        let payload = Payload(chunk: stream.chunk, range: 0..<stream.size)
        return InboundFrame(payload: payload, isAssembled: true, batch: stream.batch)
    }

    /// The rest does not come.
    mutating func abandon(_ number: UInt32) throws(WireError) {
        guard open.removeValue(forKey: number) != nil else {
            throw WireError(.malformed, "the end of a message that has not begun")
        }
    }
}

/// The body of a frame that has arrived whole.
struct InboundFrame {
    let payload: Payload
    /// Whether it came in pieces.
    var isAssembled = false
    /// The descriptors that came with its first piece.
    var batch: DescriptorBatch?
}
