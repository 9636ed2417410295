internal import RoostWire

/// The large messages and replies of a connection, which leave in pieces, and what waits behind them.
///
/// Pieces of several take turns, and everything small goes between them. A message to an actor to which a large
/// one is under way waits for it, so that messages to one actor stay in order.
struct OutgoingStreams {
    /// Arguments or a result of more bytes than this leave in pieces.
    static let threshold = 256 * 1024
    /// How many bytes of one go before another has its turn: what a small message waits for at most.
    static let pieceSize = 256 * 1024
    /// How many take turns; further ones wait until one is through.
    static let maximumOpen = 16

    /// A message or a reply that has not been written.
    struct Item {
        var header: FrameHeader
        var sections: MessageSections
        var body: ByteWriter

        var isLarge: Bool { body.count > OutgoingStreams.threshold }
        /// Whose messages it stands among; nil for a reply.
        var receiver: UInt32? { header.kind == .reply ? nil : OutgoingStreams.lane(of: header) }

        func isCall(_ number: UInt32) -> Bool { header.kind == .call && header.call == number }
    }

    private struct Stream {
        var number: UInt32
        var item: Item
        var written = 0
        var isAbandoned = false
    }

    /// A piece that has begun to leave.
    struct Piece: Equatable {
        var stream: UInt32
        var range: Range<Int>
    }

    private var open: [Stream] = []
    private var waiting: [Item] = []
    /// For each actor with a large message that has not left: what comes behind it.
    private var lanes: [UInt32: [Item]] = [:]
    private var turn = 0
    private var lastNumber: UInt32 = 0
    private(set) var current: Piece?

    /// Whether there is nothing to write and nothing waits.
    var isEmpty: Bool { open.isEmpty && waiting.isEmpty }

    /// Tells actors and mailboxes apart; neither are as many as half the numbers.
    static func lane(of header: FrameHeader) -> UInt32 {
        header.kind == .toMailbox ? header.receiver | 1 << 31 : header.receiver
    }

    /// Whether a message to this actor has to wait for a large one before it.
    func holdsBack(_ receiver: UInt32) -> Bool { !lanes.isEmpty && lanes[receiver] != nil }

    // MARK: Coming

    /// Takes what is large, or has to wait behind something large.
    mutating func add(_ item: Item) {
        if let receiver = item.receiver {
            if lanes[receiver]?.append(item) != nil { return }
            lanes[receiver] = []
        }
        waiting.append(item)
    }

    /// The next large one to begin, with the number that its pieces will have; nil when none can begin now.
    mutating func beginNext() -> (number: UInt32, item: Item)? {
        guard open.count < Self.maximumOpen, !waiting.isEmpty else { return nil }
        let item = waiting.removeFirst()
        repeat { lastNumber &+= 1 } while open.contains { $0.number == lastNumber }
        open.append(Stream(number: lastNumber, item: item))
        return (lastNumber, item)
    }

    // MARK: Going

    /// Begins the next piece, of the one whose turn it is, and gives the bytes it is cut from.
    ///
    /// - Precondition: no other piece is under way.
    mutating func beginPiece() -> (piece: Piece, body: ByteWriter)? {
        guard !open.isEmpty else { return nil }
        turn = turn >= open.count ? 0 : turn
        let stream = open[turn]
        turn += 1
        let end = min(stream.written + Self.pieceSize, stream.item.body.count)
        let piece = Piece(stream: stream.number, range: stream.written..<end)
        current = piece
        return (piece, stream.item.body)
    }

    /// The piece under way has left, and with it maybe all of its message.
    enum EndedAction: Equatable {
        case goOn
        /// All of it has left; next come the messages to this actor that waited.
        case completed(receiver: UInt32?)
        /// Nobody wants the rest any more, which the other side is to be told.
        case abandoned(stream: UInt32, receiver: UInt32?)
    }

    mutating func pieceEnded() -> EndedAction {
        guard let piece = current.take(), let index = open.firstIndex(where: { $0.number == piece.stream })
        else { return .goOn }
        open[index].written = piece.range.upperBound
        let stream = open[index]
        if stream.written == stream.item.body.count {
            remove(at: index)
            return .completed(receiver: stream.item.receiver)
        }
        guard stream.isAbandoned else { return .goOn }
        remove(at: index)
        return .abandoned(stream: stream.number, receiver: stream.item.receiver)
    }

    private mutating func remove(at index: Int) {
        open.remove(at: index)
        if index < turn { turn -= 1 }
    }

    /// The next message that may follow a large one to this actor; a large one begins by itself in time.
    mutating func nextHeldBack(for receiver: UInt32) -> Item? {
        guard var lane = lanes[receiver] else { return nil }
        guard !lane.isEmpty else {
            lanes[receiver] = nil
            return nil
        }
        let item = lane.removeFirst()
        lanes[receiver] = lane
        guard item.isLarge else { return item }
        waiting.append(item)
        return nil
    }

    // MARK: Giving up

    /// What giving up a call comes to.
    enum AbandonAction: Equatable {
        /// It has left, or its last piece is leaving: the receiver is to be told.
        case tooLate
        /// It will not leave, and nothing else is to be done.
        case takenBack
        /// It had not begun to leave; the messages behind it may.
        case makesRoom
        /// It had begun to leave, and the other side is to forget it.
        case abandoned(stream: UInt32)
    }

    /// The caller gave up: what has not left of its call does not leave.
    mutating func abandon(call: UInt32, to receiver: UInt32) -> AbandonAction {
        if let index = lanes[receiver]?.firstIndex(where: { $0.isCall(call) }) {
            lanes[receiver]?.remove(at: index)
            return .takenBack
        }
        if let index = waiting.firstIndex(where: { $0.isCall(call) }) {
            waiting.remove(at: index)
            return .makesRoom
        }
        guard let index = open.firstIndex(where: { $0.item.isCall(call) }) else { return .tooLate }
        let stream = open[index]
        if let current, current.stream == stream.number {
            // The piece under way has to be written to its end: the other side counts on its length.
            if current.range.upperBound == stream.item.body.count { return .tooLate }
            open[index].isAbandoned = true
            return .takenBack
        }
        remove(at: index)
        return .abandoned(stream: stream.number)
    }

    // MARK: The end

    /// Every message that has not left whole, those to one actor in order; nothing is left here.
    mutating func takeAll() -> [Item] {
        defer { self = OutgoingStreams() }
        var items = open.filter { !$0.isAbandoned }.map(\.item) + waiting
        for lane in lanes.values { items += lane }
        return items.filter { $0.header.kind == .call || $0.header.kind == .tell }
    }
}
