/// Finds where frames begin and end in a stream of bytes, without copying or consuming any.
///
/// A frame is four bytes, the length of the body, little endian, and then the body.
///
/// ```swift
/// let scanner = FrameScanner(limit: 1 << 20)
/// var offset = 0
/// while let body = try unsafe scanner.nextFrame(in: received, at: offset) {
///     handle(received[body])
///     offset = body.upperBound
/// }
/// ```
///
/// A prefix that announces more than the limit throws `.tooLarge` as soon as it is seen, before the body
/// arrives, so that a peer cannot make the receiver buffer without bound. There is no way to find the next
/// frame after that: the connection is lost.
public struct FrameScanner: Equatable, Sendable {
    /// The bytes before each body.
    public static let headerSize = 4

    /// The largest body allowed, in bytes.
    public let limit: Int

    /// Accepts bodies of up to `limit` bytes; the prefix has room for no more than `UInt32.max`.
    public init(limit: Int) {
        precondition(limit >= 0, "a frame limit cannot be negative")
        self.limit = min(limit, Int(UInt32.max))
    }

    /// The range of the body of the frame that starts at `offset`; nil when it has not all arrived.
    ///
    /// An incomplete frame is not an error: ``sizeNeeded(in:at:)`` says how many bytes it will take.
    public func nextFrame(in bytes: UnsafeRawBufferPointer, at offset: Int) throws(WireError) -> Range<Int>? {
        let size = try unsafe sizeNeeded(in: bytes, at: offset)
        guard bytes.count - offset >= size else { return nil }
        return offset + Self.headerSize..<offset + size
    }

    /// How many bytes the frame at `offset` takes in all, header included; the header's size while even that
    /// is incomplete.
    public func sizeNeeded(in bytes: UnsafeRawBufferPointer, at offset: Int) throws(WireError) -> Int {
        guard unsafe hasHeader(bytes, offset) else { return Self.headerSize }
        let length = unsafe Int(
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        guard length <= limit else {
            throw WireError(
                .tooLarge, "a frame of \(length) bytes is announced and \(limit) are allowed", offset: offset)
        }
        return Self.headerSize + length
    }

    private func hasHeader(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Bool {
        precondition(offset >= 0, "a frame cannot start before the bytes")
        return bytes.count - offset >= Self.headerSize
    }

    /// Starts a frame; the length is filled in by ``endFrame(_:in:)``.
    ///
    /// - Returns: where the frame starts, for ``endFrame(_:in:)``.
    public static func beginFrame(in writer: ByteWriter) -> Int {
        let start = writer.count
        writer.appendFixed(UInt32(0))
        return start
    }

    /// Ends the frame that starts at `start`: writes the length of what was appended since.
    ///
    /// Throws `.tooLarge`, and removes the frame from the writer, when the body is above the limit: the peer
    /// would drop the connection for it.
    public func endFrame(_ start: Int, in writer: ByteWriter) throws(WireError) {
        let length = writer.count - start - Self.headerSize
        guard length <= limit else {
            writer.truncate(to: start)
            throw WireError(.tooLarge, "a message of \(length) bytes was written and \(limit) are allowed")
        }
        writer.overwriteFixed(UInt32(length), at: start)
    }
}
