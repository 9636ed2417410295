internal import RoostWire

/// What a connection has still to write, in the order in which it is to leave.
///
/// Small frames are gathered in one buffer and leave together, large ones leave in pieces between them. Frames
/// stay until they are written whole: one that is cut off by the receiver's death certainly did not run, and is
/// sent again to the next incarnation.
struct OutgoingFrames {
    /// Where frames are gathered.
    ///
    /// It starts with a frame; some of it may have been written already.
    let gathered = ByteWriter(capacity: 1024)
    private var written = 0
    private var marks: [Mark] = []
    private var sentMarks = 0
    private var streams = OutgoingStreams()
    private let pieceHead = ByteWriter(capacity: 32)
    private var pieceWritten = 0
    private let scanner: FrameScanner

    /// A gathered frame with descriptors.
    ///
    /// They are attached to a write that begins with the frame, so that the receiver can tell whose they are.
    private struct Mark {
        var start: Int
        var attachments: [Attachment]
    }

    init(scanner: FrameScanner) {
        self.scanner = scanner
    }

    /// Whether everything has been written.
    var isEmpty: Bool { gathered.count == written && streams.isEmpty }

    /// Whether it is worth a write at once.
    func isMoreThan(_ limit: Int) -> Bool { gathered.count - written >= limit || !streams.isEmpty }

    // MARK: Adding

    /// Adds a message; one that is large, or follows a large one to the same actor, keeps its writer.
    mutating func append(_ header: FrameHeader, _ message: OutgoingMessage) {
        if message.arguments.count > OutgoingStreams.threshold || streams.holdsBack(header.receiver) {
            message.arguments.keep()
            return hold(.init(header: header, sections: message.sections, body: message.arguments))
        }
        appendWhole(header, message.sections, message.arguments)
    }

    /// Adds a reply; a large one keeps its writer.
    mutating func append(reply status: ReplyStatus, to call: UInt32, _ body: ByteWriter?) {
        var header = FrameHeader(kind: .reply, flags: status.rawValue, call: call)
        guard let body else { return append(header) }
        header.target = UInt16(body.attachments.count)
        if body.count > OutgoingStreams.threshold {
            body.keep()
            return hold(.init(header: header, sections: MessageSections(), body: body))
        }
        appendWhole(header, MessageSections(), body)
    }

    /// Adds a frame of a mailbox, whose body has about this size.
    ///
    /// One that is large, or follows a large one to the same mailbox, has a writer of its own.
    mutating func append(
        _ header: FrameHeader, size: Int, _ attachments: [Attachment], _ body: (ByteWriter) -> Void
    ) {
        if size > OutgoingStreams.threshold || streams.holdsBack(OutgoingStreams.lane(of: header)) {
            let writer = ByteWriter(capacity: size + 64)
            body(writer)
            writer.attachments = attachments
            return hold(.init(header: header, sections: MessageSections(), body: writer))
        }
        let start = begin(header)
        body(gathered)
        end(start, attachments: attachments)
    }

    /// Adds a frame that is nothing but its header.
    mutating func append(_ header: FrameHeader) {
        let start = begin(header)
        end(start)
    }

    /// Begins a frame that the caller goes on to write; see ``end(_:attachments:)``.
    mutating func begin(_ header: FrameHeader) -> Int {
        let start = FrameScanner.beginFrame(in: gathered)
        header.write(to: gathered)
        return start
    }

    mutating func end(_ start: Int, attachments: [Attachment] = []) {
        do {
            try scanner.endFrame(start, in: gathered)
        } catch {
            // Sizes are checked before anything is appended.
            preconditionFailure("a frame beyond the limit got as far as the connection: \(error)")
        }
        if !attachments.isEmpty { marks.append(Mark(start: start, attachments: attachments)) }
    }

    private mutating func appendWhole(
        _ header: FrameHeader, _ sections: MessageSections, _ body: ByteWriter
    ) {
        let start = begin(header)
        sections.write(to: gathered)
        unsafe gathered.append(body.bytes)
        end(start, attachments: body.attachments)
    }

    private mutating func hold(_ item: OutgoingStreams.Item) {
        streams.add(item)
        beginLarge()
    }

    // The first frame of a large one has all but its arguments or result.
    private mutating func beginLarge() {
        while let (number, item) = streams.beginNext() {
            let attachments = item.body.attachments
            let start = begin(FrameHeader(kind: .large, target: UInt16(attachments.count), call: number))
            let size = gathered.count
            gathered.appendFixed(UInt64(0))
            let inner = gathered.count
            item.header.write(to: gathered)
            item.sections.write(to: gathered)
            gathered.overwriteFixed(UInt64(gathered.count - inner + item.body.count), at: size)
            end(start, attachments: attachments)
        }
    }

    // MARK: Writing

    /// What to write next: one stretch of bytes after the other, with descriptors.
    @safe struct Write {
        let first: UnsafeRawBufferPointer
        let second: UnsafeRawBufferPointer
        let attachments: [Attachment]
        let isPiece: Bool
    }

    /// The bytes to write next, valid until anything is changed here; nil when there are none.
    mutating func nextWrite() -> Write? {
        // A frame that has begun to leave leaves whole before any other.
        if let piece = streams.current { return nextOfPiece(piece) }
        if written < gathered.count { return nextGathered() }
        guard let (piece, body) = streams.beginPiece() else { return nil }
        pieceHead.removeAll()
        pieceWritten = 0
        pieceBody = body
        pieceHead.appendFixed(UInt32(FrameHeader.size + piece.range.count))
        FrameHeader(kind: .piece, call: piece.stream).write(to: pieceHead)
        return nextOfPiece(piece)
    }

    private var pieceBody: ByteWriter?

    private func nextOfPiece(_ piece: OutgoingStreams.Piece) -> Write? {
        guard let pieceBody else { return nil }
        let ofHead = min(pieceWritten, pieceHead.count)
        let start = piece.range.lowerBound + pieceWritten - ofHead
        return unsafe Write(
            first: UnsafeRawBufferPointer(rebasing: pieceHead.bytes[ofHead...]),
            second: UnsafeRawBufferPointer(rebasing: pieceBody.bytes[start..<piece.range.upperBound]),
            attachments: [], isPiece: true)
    }

    private func nextGathered() -> Write {
        var end = gathered.count
        var attachments: [Attachment] = []
        var next = sentMarks
        if next < marks.count, marks[next].start == written {
            attachments = marks[next].attachments
            next += 1
        }
        if next < marks.count { end = marks[next].start }
        return unsafe Write(
            first: UnsafeRawBufferPointer(rebasing: gathered.bytes[written..<end]),
            second: UnsafeRawBufferPointer(start: nil, count: 0), attachments: attachments, isPiece: false)
    }

    /// So many bytes of the last ``nextWrite()`` have been written.
    mutating func wrote(_ count: Int) {
        guard let piece = streams.current else {
            if count > 0, sentMarks < marks.count, marks[sentMarks].start == written { sentMarks += 1 }
            written += count
            // A large message ties up its pieces' memory only; what is written of this buffer is let go.
            if written == gathered.count && !streams.isEmpty { dropGathered() }
            return
        }
        pieceWritten += count
        if pieceWritten == pieceHead.count + piece.range.count { pieceEnded() }
    }

    private mutating func pieceEnded() {
        pieceBody = nil
        switch streams.pieceEnded() {
        case .goOn: break
        case .completed(let receiver): release(receiver)
        case .abandoned(let stream, let receiver):
            append(FrameHeader(kind: .abandon, call: stream))
            release(receiver)
        }
    }

    private mutating func release(_ receiver: UInt32?) {
        if let receiver {
            while let item = streams.nextHeldBack(for: receiver) {
                appendWhole(item.header, item.sections, item.body)
            }
        }
        beginLarge()
    }

    /// Everything has been written: the buffer is used again.
    mutating func dropGathered() {
        gathered.removeAll(shrinkingAbove: 256 * 1024)
        written = 0
        marks = []
        sentMarks = 0
    }

    /// Lets go of the frames that have been written whole.
    mutating func dropWrittenFrames() {
        var end = 0
        while end < written {
            guard let size = try? unsafe scanner.sizeNeeded(in: gathered.bytes, at: end),
                end + size <= written
            else { break }
            end += size
        }
        gathered.removeFirst(end)
        written -= end
        guard !marks.isEmpty else { return }
        let dropped = marks.prefix { $0.start < end }.count
        marks.removeFirst(dropped)
        sentMarks -= dropped
        for index in marks.indices { marks[index].start -= end }
    }

    // MARK: Giving up, and the end

    /// The caller of a call has given up; false when the call has left, or will, and its receiver is to be told.
    mutating func abandon(call: UInt32, to receiver: UInt32) -> Bool {
        if streams.isEmpty { return false }
        switch streams.abandon(call: call, to: receiver) {
        case .tooLate: return false
        case .takenBack: return true
        case .makesRoom:
            release(receiver)
        case .abandoned(let stream):
            append(FrameHeader(kind: .abandon, call: stream))
            release(receiver)
        }
        return true
    }

    /// The messages that were never written whole, those to one actor in order; nothing is left here.
    mutating func takeUnsent() -> [OutgoingStreams.Item] {
        dropWrittenFrames()
        var items: [OutgoingStreams.Item] = []
        var offset = 0
        while let body = try? unsafe scanner.nextFrame(in: gathered.bytes, at: offset) {
            let attachments = marks.first { $0.start == offset }?.attachments ?? []
            offset = body.upperBound
            var reader = unsafe ByteReader(UnsafeRawBufferPointer(rebasing: gathered.bytes[body]))
            guard let header = try? FrameHeader(from: &reader), header.kind == .call || header.kind == .tell,
                let sections = try? MessageSections(from: &reader, flags: header.flags)
            else { continue }
            let arguments = ByteWriter(capacity: reader.remaining)
            unsafe arguments.append(reader.unread)
            arguments.attachments = attachments
            items.append(OutgoingStreams.Item(header: header, sections: sections, body: arguments))
        }
        items += streams.takeAll()
        pieceBody = nil
        dropGathered()
        gathered.removeAll(shrinkingAbove: 0)
        return items
    }
}
