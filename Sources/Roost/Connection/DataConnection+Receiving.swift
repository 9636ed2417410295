internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// Receiving: on the loop, or on the thread of a caller that looks for its answer.
extension DataConnection {
    private static let maximumDefinedBytes = 16 << 20

    /// What a look at the socket came to.
    enum Look {
        case drained
        case more
        case ended
        case violated(WireError)
    }

    func open() throws(SystemError) {
        let token = try host.loop.add(socket.raw, for: .readable, handler: self)
        locked { $0.token = token }
    }

    /// Messages for `receiver` over there come from this route, which wants its credit.
    func attach(_ route: Route, receiver: UInt32) {
        receiving.withLock { $0.routes[receiver] = RouteReference(route) }
    }

    func ready(_ readiness: Readiness) {
        if readiness.contains(.writable) {
            locked { state in
                state.isBlocked = false
                watch(state)
                if !state.isClosed { write(&state) }
            }
        }
        guard !readiness.isDisjoint(with: [.readable, .hangup]) else { return }
        for _ in 0..<Self.readsPerTurn {
            switch receiving.withLock({ look(&$0) }) {
            case .more: continue
            case .drained: return
            case .ended: return close()
            case .violated(let error): return violated(error)
            }
        }
    }

    /// The other process sends what no process of Roost sends.
    func violated(_ error: WireError) {
        host.violation(by: process, error)
        close()
    }

    /// The other process has sent its last: takes in what is there, and closes.
    func takeRestAndClose() {
        // Bounded, since a child of that process may have the socket, and write to it without end.
        for _ in 0..<1_024 {
            guard case .more = receiving.withLock({ look(&$0) }) else { break }
        }
        close()
    }

    // MARK: With `receiving` held

    func look(_ receiving: inout Receiving) -> Look {
        do {
            let (outcome, room) = try receiving.input.read(from: socket.raw)
            switch outcome {
            case .moved(let count):
                receiving.bytesReceived &+= UInt64(count)
                while let frame = try receiving.input.nextFrame() { try handle(frame, &receiving) }
                try receiving.input.checkBatches()
                return count < room ? .drained : .more
            case .wouldBlock: return .drained
            case .ended, .failed: return .ended
            }
        } catch {
            return .violated(error)
        }
    }

    private func handle(_ frame: InboundFrame, _ receiving: inout Receiving) throws(WireError) {
        var reader = frame.payload.reader
        let header = try FrameHeader(from: &reader)
        switch header.kind {
        case .call, .tell:
            return try handleMessage(header, frame, &reader, &receiving)
        case .reply:
            return try handleReply(header, frame, reader, &receiving)
        case .toMailbox:
            let attachments = try attachments(Int(header.target), of: frame, &receiving)
            let payload = frame.payload.dropFirst(0, attachments: attachments)
            return try host.mailboxes.handle(header, payload, &reader, from: self)
        default:
            guard !frame.isAssembled else {
                throw WireError(.malformed, "a large frame that is neither message, reply nor elements")
            }
        }
        try handleSignal(header, frame, &reader, &receiving)
    }

    private func handleSignal(
        _ header: FrameHeader, _ frame: InboundFrame, _ reader: inout ByteReader,
        _ receiving: inout Receiving
    ) throws(WireError) {
        switch header.kind {
        case .cancel:
            let call = CallIdentity(origin: ObjectIdentifier(self), number: header.call)
            host.local(header.receiver)?.cancel(call)
        case .defineTarget:
            try handleDefinition(header, &reader, &receiving)
        case .credit:
            let bytes = try reader.readFixed(UInt64.self)
            receiving.routes[header.receiver]?.route?
                .credited(messages: Int(header.call), bytes: Int(clamping: bytes))
        case .needCredit:
            senderWaits(for: header.receiver)
        case .limit:
            limitChanged(header, bytes: try reader.readFixed(UInt64.self), receiving.routes)
        case .limited:
            host.local(header.receiver)?.limitsConfirmed(
                by: ObjectIdentifier(self), count: Int(header.call), givesBack: header.flags != 0)
        case .acknowledged:
            try handleAcknowledgement(header, &reader, receiving.routes)
        case .toSender:
            try host.mailboxes.handle(header, frame.payload, &reader, from: self)
        case .call, .tell, .reply, .large, .piece, .abandon, .toMailbox:
            throw WireError(.malformed, "a \(header.kind) is not handled here")
        }
    }

    /// The memory that came with a frame which tells of so many descriptors.
    private func attachments(
        _ count: Int, of frame: InboundFrame, _ receiving: inout Receiving
    ) throws(WireError) -> [Attachment] {
        if count == 0 && frame.batch == nil { return [] }
        let batch = frame.isAssembled ? frame.batch : try receiving.input.takeBatch(of: count)
        guard let batch, batch.isOf(count) else {
            throw WireError(.malformed, "a large frame tells of other descriptors than its beginning did")
        }
        return batch.descriptors.map { descriptor -> Attachment in
            if let memory = SealedMemory(received: descriptor) { return memory }
            return UnusableMemory()
        }
    }

    /// In the place of a descriptor that is no sealed memory: whoever decodes a blob there fails.
    private final class UnusableMemory: Sendable {}

    private func handleMessage(
        _ header: FrameHeader, _ frame: InboundFrame, _ reader: inout ByteReader,
        _ receiving: inout Receiving
    ) throws(WireError) {
        guard Int(header.target) < receiving.targets.count,
            let target = receiving.targets[Int(header.target)]
        else {
            throw WireError(.malformed, "target \(header.target) was never defined")
        }
        let sections = try MessageSections(from: &reader, flags: header.flags)
        let attachments = try attachments(Int(sections.descriptors), of: frame, &receiving)
        if host.loop.isCurrent { host.loop.expectInput() }
        host.deliver(
            InboundMessage(
                target: target, sections: sections,
                arguments: frame.payload.dropFirst(reader.offset, attachments: attachments),
                receiver: header.receiver,
                origin: header.kind == .call ? .call(self, header.call) : .tell(self)))
    }

    private func handleReply(
        _ header: FrameHeader, _ frame: InboundFrame, _ reader: ByteReader, _ receiving: inout Receiving
    ) throws(WireError) {
        guard let status = ReplyStatus(rawValue: header.flags) else {
            throw WireError(.malformed, "unknown reply status \(header.flags)")
        }
        let attachments = try attachments(Int(header.target), of: frame, &receiving)
        let payload = frame.payload.dropFirst(reader.offset, attachments: attachments)
        // No such call: it was given up before. That is not an error of the other side.
        let call = locked { $0.pending.remove(header.call) }
        if call?.finish(.replied(status, payload)) != true { host.lateReply(from: process) }
    }

    private func handleDefinition(
        _ header: FrameHeader, _ reader: inout ByteReader, _ receiving: inout Receiving
    ) throws(WireError) {
        let name = try reader.readString()
        receiving.definedBytes += name.utf8.count
        guard Int(header.target) < 65_535, name.utf8.count <= WireName.maximum,
            receiving.definedBytes <= Self.maximumDefinedBytes
        else {
            throw WireError(.tooLarge, "a target's number or name is beyond all measure")
        }
        while receiving.targets.count <= Int(header.target) { receiving.targets.append(nil) }
        receiving.targets[Int(header.target)] = host.inboundTargets.target(named: name)
    }
}
