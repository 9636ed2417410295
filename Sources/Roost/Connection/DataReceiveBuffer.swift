internal import RoostPlatform
internal import RoostWire

/// Reads a data socket: small frames into chunks that they share, large ones piece by piece into their own memory.
///
/// Of a piece only its header, and what happened to be read along with that, is copied.
struct DataReceiveBuffer {
    /// What is read along behind a piece: the header of the next one and some more.
    private static let behindPiece = 4 * 1024
    private static let largeKinds = FrameKind.large.rawValue...FrameKind.abandon.rawValue
    private static let pieceHead = FrameScanner.headerSize + FrameHeader.size

    private var small: ReceiveBuffer
    private var streams: InboundStreams
    /// The piece of which not all bytes have come.
    private var piece: (stream: UInt32, left: Int)?
    /// A large frame whose last byte was read straight into it.
    private var completed: InboundFrame?
    /// What came along with writes and has not been taken by the frames these began with, in their order.
    private var batches: [DescriptorBatch] = []

    init(frameLimit: Int) {
        small = ReceiveBuffer(frameLimit: frameLimit)
        streams = InboundStreams(limit: frameLimit)
    }

    /// Reads what is there; returns what came of it and how much the kernel had room to give.
    mutating func read(from socket: Int32) throws(WireError) -> (outcome: Sockets.Outcome, room: Int) {
        guard let piece else {
            let room = try unsafe small.room()
            return unsafe receive(
                socket, room, UnsafeMutableRawBufferPointer(start: nil, count: 0), ofPiece: 0)
        }
        let body = try unsafe streams.memory(of: piece.stream, count: piece.left)
        let room = try unsafe small.room()
        let behind = unsafe UnsafeMutableRawBufferPointer(rebasing: room.prefix(Self.behindPiece))
        return unsafe receive(socket, body, behind, ofPiece: piece.left)
    }

    private mutating func receive(
        _ socket: Int32, _ first: UnsafeMutableRawBufferPointer, _ second: UnsafeMutableRawBufferPointer,
        ofPiece left: Int
    ) -> (outcome: Sockets.Outcome, room: Int) {
        let (outcome, batch) = unsafe Sockets.receive(socket, into: first, second)
        if let batch { batches.append(batch) }
        if case .moved(let count) = outcome { took(count, ofPiece: left) }
        // The kernel stops at descriptors, whatever else is there.
        return (outcome, batch == nil ? first.count + second.count : 0)
    }

    private mutating func took(_ count: Int, ofPiece left: Int) {
        guard let piece else { return small.filled(count) }
        let body = min(count, left)
        completed = streams.filled(piece.stream, count: body)
        self.piece = body == left ? nil : (piece.stream, left - body)
        small.filled(count - body)
    }

    /// The next frame that has come whole, small or large.
    mutating func nextFrame() throws(WireError) -> InboundFrame? {
        if let frame = completed.take() { return frame }
        while true {
            if small.nextKind == FrameKind.piece.rawValue, try beginPiece() {
                if let frame = completed.take() { return frame }
                if piece != nil { return nil }
                continue
            }
            guard let payload = try small.nextFrame() else { return nil }
            guard let kind = payload.firstByte, Self.largeKinds.contains(kind) else {
                return InboundFrame(payload: payload)
            }
            try handleLarge(payload)
        }
    }

    // A piece is taken in as soon as its header has come.
    private mutating func beginPiece() throws(WireError) -> Bool {
        guard let (head, size) = try unsafe small.peek(Self.pieceHead) else { return false }
        var reader = unsafe ByteReader(UnsafeRawBufferPointer(rebasing: head[FrameScanner.headerSize...]))
        let header = try FrameHeader(from: &reader)
        let memory = try unsafe streams.memory(of: header.call, count: size - Self.pieceHead)
        let bytes = unsafe small.take(Self.pieceHead, andUpTo: memory.count)
        unsafe memory.copyMemory(from: bytes)
        completed = streams.filled(header.call, count: bytes.count)
        piece = bytes.count == memory.count ? nil : (header.call, memory.count - bytes.count)
        return true
    }

    private mutating func handleLarge(_ payload: Payload) throws(WireError) {
        var reader = payload.reader
        let header = try FrameHeader(from: &reader)
        switch header.kind {
        case .large:
            try streams.begin(header, &reader, try takeBatch(of: Int(header.target)))
        case .abandon:
            try streams.abandon(header.call)
        default:
            throw WireError(.malformed, "a piece without any bytes")
        }
    }

    // MARK: Descriptors

    /// The descriptors of the frame whose turn it is, which tells of so many; nil when it tells of none.
    mutating func takeBatch(of count: Int) throws(WireError) -> DescriptorBatch? {
        if count == 0 { return nil }
        let batch = batches.isEmpty ? nil : batches.removeFirst()
        guard batch?.isOf(count) == true else {
            throw WireError(.malformed, "\(count) descriptors are told of, and others have come")
        }
        return batch
    }

    /// Throws when descriptors have come that no frame told of; to be called when there is no whole frame left.
    func checkBatches() throws(WireError) {
        // Those of a frame that has not come whole have its beginning here.
        guard batches.count > (small.isEmpty ? 0 : 1) else { return }
        throw WireError(.malformed, "descriptors came that no message tells of")
    }

    /// Lets go of everything that has not been handed out.
    mutating func removeAll() {
        batches = []
        streams = InboundStreams(limit: 0)
        piece = nil
        completed = nil
    }
}
