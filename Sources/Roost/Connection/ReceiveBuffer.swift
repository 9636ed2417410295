internal import RoostPlatform
internal import RoostWire

/// Reads a socket into chunks and finds the frames in them, without copying a frame that is whole.
struct ReceiveBuffer {
    /// Enough for hundreds of small messages a read; only the part that is used becomes resident.
    static let chunkSize = 64 * 1024

    private var chunk: Chunk
    private var filled = 0
    private var parsed = 0
    private let scanner: FrameScanner

    init(frameLimit: Int) {
        chunk = Chunk(capacity: Self.chunkSize)
        scanner = FrameScanner(limit: frameLimit)
    }

    /// Makes room for at least one byte, and for all of the frame that has begun.
    private mutating func makeRoom() throws(WireError) {
        if parsed == filled {
            if isKnownUniquelyReferenced(&chunk) && chunk.capacity == Self.chunkSize {
                parsed = 0
                filled = 0
            } else if chunk.capacity - filled < Self.chunkSize / 4 || chunk.capacity > Self.chunkSize {
                // Messages still being served lie in the old one, or it was made for one large frame.
                chunk = Chunk(capacity: Self.chunkSize)
                parsed = 0
                filled = 0
            }
            return
        }
        let pending = filled - parsed
        let needed = try unsafe scanner.sizeNeeded(in: chunk.bytes(0..<filled), at: parsed)
        // One that is being grown for a large frame is filled first.
        let isGrowing = parsed == 0 && chunk.capacity > Self.chunkSize
        if filled < chunk.capacity && (isGrowing || parsed + needed <= chunk.capacity) { return }
        // What is only announced gets no memory: as much again as has come, beyond a first megabyte.
        let larger = Chunk(capacity: max(min(needed, max(2 * pending, 1 << 20)), Self.chunkSize))
        unsafe larger.base.copyMemory(from: chunk.base + parsed, byteCount: pending)
        chunk = larger
        parsed = 0
        filled = pending
    }

    // MARK: For whoever reads the socket

    /// Whether no bytes are left of which the frame is not whole.
    var isEmpty: Bool { parsed == filled }

    /// Where to read to next.
    mutating func room() throws(WireError) -> UnsafeMutableRawBufferPointer {
        try makeRoom()
        return unsafe UnsafeMutableRawBufferPointer(
            start: chunk.base + filled, count: chunk.capacity - filled)
    }

    /// So many bytes have been read there.
    mutating func filled(_ count: Int) { filled += count }

    /// The first byte of the next frame's body, if it has come.
    var nextKind: UInt8? {
        guard filled - parsed > FrameScanner.headerSize else { return nil }
        return unsafe chunk.base.load(fromByteOffset: parsed + FrameScanner.headerSize, as: UInt8.self)
    }

    /// The first bytes of the next frame, if so many have come, and the size of all of it.
    func peek(_ count: Int) throws(WireError) -> (bytes: UnsafeRawBufferPointer, size: Int)? {
        guard filled - parsed >= count else { return nil }
        let size = try unsafe scanner.sizeNeeded(in: chunk.bytes(0..<filled), at: parsed)
        return unsafe (chunk.bytes(parsed..<parsed + count), size)
    }

    /// Passes a frame's head, and gives what has come of its rest, of `limit` bytes.
    mutating func take(_ head: Int, andUpTo limit: Int) -> UnsafeRawBufferPointer {
        let start = parsed + head
        parsed = min(filled, start + limit)
        return unsafe chunk.bytes(start..<parsed)
    }

    // MARK: Reading

    /// Reads what is there; returns what came of it and how much the kernel had room to give.
    mutating func read(
        from socket: Int32, descriptors: UnsafeMutablePointer<[Int32]>? = nil
    ) throws(WireError) -> (outcome: Sockets.Outcome, room: Int) {
        let target = try unsafe room()
        let outcome =
            if let descriptors = unsafe descriptors {
                unsafe Sockets.receive(socket, into: target, descriptors: &descriptors.pointee)
            } else {
                unsafe Sockets.receive(socket, into: target)
            }
        if case .moved(let count) = outcome { filled += count }
        return (outcome, target.count)
    }

    /// The next whole frame's body.
    mutating func nextFrame() throws(WireError) -> Payload? {
        guard filled > parsed else { return nil }
        guard let body = try unsafe scanner.nextFrame(in: chunk.bytes(0..<filled), at: parsed) else {
            return nil
        }
        parsed = body.upperBound
        return Payload(chunk: chunk, range: body)
    }
}
