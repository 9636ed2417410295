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

    /// Reads what is there; returns what came of it and how much the kernel had room to give.
    mutating func read(
        from socket: Int32, descriptors: UnsafeMutablePointer<[Int32]>? = nil
    ) throws(WireError) -> (outcome: Sockets.Outcome, room: Int) {
        try makeRoom()
        let room = chunk.capacity - filled
        let target = unsafe UnsafeMutableRawBufferPointer(start: chunk.base + filled, count: room)
        let outcome =
            if let descriptors = unsafe descriptors {
                unsafe Sockets.receive(socket, into: target, descriptors: &descriptors.pointee)
            } else {
                unsafe Sockets.receive(socket, into: target)
            }
        if case .moved(let count) = outcome { filled += count }
        return (outcome, room)
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
