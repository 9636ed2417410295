internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// The ends of mailboxes in one process, by their numbers, and the frames that come for them.
final class MailboxHub: Sendable {
    private struct State {
        var receiving: [UInt32: ReceivingEnd] = [:]
        // Strongly: an object that was ever referred to weakly is slower to retain, for every element.
        var sending: [UInt32: SendingEnd] = [:]
        var lastReceiving: UInt32 = 0
        var lastSending: UInt32 = 0
        var isOver = false
    }

    private let state = Mutex(State())
    private let dirty = Mutex<[SendingEnd]>([])
    private let hasDirty = Atomic<Bool>(false)

    // MARK: Making

    /// A receiving end with a number of its own; nil when the system has ended.
    func makeReceiving(_ make: (UInt32) -> ReceivingEnd) -> ReceivingEnd? {
        state.withLock { state in
            if state.isOver { return nil }
            repeat { state.lastReceiving &+= 1 } while state.receiving[state.lastReceiving] != nil
            let end = make(state.lastReceiving)
            state.receiving[state.lastReceiving] = end
            return end
        }
    }

    /// A sending end with a number of its own; nil when the system has ended.
    func makeSending(_ make: (UInt32) -> SendingEnd) -> SendingEnd? {
        state.withLock { state in
            if state.isOver { return nil }
            repeat { state.lastSending &+= 1 } while state.sending[state.lastSending] != nil
            let end = make(state.lastSending)
            state.sending[state.lastSending] = end
            return end
        }
    }

    func receiving(_ number: UInt32) -> ReceivingEnd? {
        state.withLock { $0.receiving[number] }
    }

    func remove(_ end: ReceivingEnd) {
        state.withLock { $0.receiving[end.number] = nil }
    }

    func remove(_ end: SendingEnd) {
        state.withLock { $0.sending[end.number] = nil }
    }

    /// The sending end with this number, if its mailbox is in this process.
    func sending(_ number: UInt32, to process: UInt64) -> SendingEnd? {
        guard let end = state.withLock({ $0.sending[number] }), end.process == process else { return nil }
        return end
    }

    // MARK: Frames

    /// Takes a frame of a mailbox; what no honest process sends throws.
    func handle(
        _ header: FrameHeader, _ frame: Payload, _ reader: inout ByteReader, from connection: DataConnection
    ) throws(WireError) {
        if header.kind == .toSender {
            let word = try ToSender(from: &reader, flags: header.flags)
            if let end = sending(header.call, to: connection.process) {
                end.handle(word)
            } else if case .opened = word {
                // Whoever wanted to open it has given up.
                answer(.finish, header, connection)
            }
            return
        }
        let order = try ToMailbox(from: &reader, flags: header.flags)
        guard let end = receiving(header.receiver) else {
            if order == .finish { return }
            let word = ToSender.closed(.ended, detail: "")
            let answer = FrameHeader(
                kind: .toSender, flags: word.kind.rawValue, receiver: header.receiver, call: header.call)
            _ = connection.send(answer, isUrgent: true) { word.write(to: $0) }
            return
        }
        try end.handle(
            order, frame.dropFirst(reader.offset, attachments: frame.attachments),
            from: SenderKey(process: connection.process, number: header.call), over: .remote(connection))
    }

    private func answer(_ order: ToMailbox, _ header: FrameHeader, _ connection: DataConnection) {
        let answer = FrameHeader(
            kind: .toMailbox, flags: order.kind.rawValue, receiver: header.receiver, call: header.call)
        _ = connection.send(answer, isUrgent: true) { order.write(to: $0) }
    }

    // MARK: Flushing

    func markDirty(_ end: SendingEnd, on loop: EventLoop) {
        let isFirst = dirty.withLock { dirty in
            dirty.append(end)
            return dirty.count == 1
        }
        hasDirty.store(true, ordering: .releasing)
        // On the loop itself the end of the turn is near anyway.
        if isFirst && !loop.isCurrent { loop.perform {} }
    }

    /// Hands what has gathered to the connections; on the loop, every turn.
    func flush(isWaiting: Bool) {
        guard hasDirty.load(ordering: .acquiring) else { return }
        hasDirty.store(false, ordering: .relaxed)
        let waiting = dirty.withLock { dirty in
            defer { dirty = [] }
            return dirty
        }
        for end in waiting { end.flush(isWaiting: isWaiting) }
    }

    // MARK: Ends

    /// The connection to a process has ended; on the loop.
    func connectionEnded(to process: UInt64) {
        let (receiving, sending) = state.withLock { state in
            (Array(state.receiving.values), Array(state.sending.values))
        }
        for end in receiving { end.processLost(process) }
        for end in sending where end.process == process { end.connectionEnded() }
    }

    /// The system has ended.
    func shutDown() {
        let (receiving, sending) = state.withLock { state in
            state.isOver = true
            return (Array(state.receiving.values), Array(state.sending.values))
        }
        for end in receiving { end.shutDown() }
        for end in sending { end.terminated(.shutdown) }
        state.withLock { state in
            state.receiving = [:]
            state.sending = [:]
        }
    }
}
