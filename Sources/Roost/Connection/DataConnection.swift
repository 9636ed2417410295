internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// The direct socket to one other process: messages out and in, replies back, until one side dies.
///
/// Sending may happen on any thread and is guarded by a lock; receiving happens on the loop. Frames go
/// out in the order they were appended, so messages from this process to one mailbox start in that order.
final class DataConnection: EventHandler, @unchecked Sendable {
    // @unchecked: `state` guards the sending side, `receiving` the other, `polling` who looks for input.
    // Whoever holds `receiving` may take a route's lock; nobody does it the other way round.

    /// Written at once when this much has gathered: large enough that the cost of a write is shared.
    private static let writeThreshold = 16 * 1024
    /// What was accepted leaves within this time even while the sender keeps computing.
    private static let maximumDelay: UInt64 = 1_000_000
    private static let readsPerTurn = 4
    private static let maximumDefinedBytes = 16 << 20

    private struct State {
        let outgoing = ByteWriter(capacity: 1024)
        /// How much of `outgoing`, which starts at a frame's start, has been written already.
        var written = 0
        var pending = PendingTable()
        var defined: [Bool] = []
        /// What is finished of messages with a sequence, for the next write.
        var acknowledged = Acknowledgement()
        /// Of the actor this process was spawned for, which has nearly all of the messages, and of others.
        var spawnedReturn: CreditReturn
        var returns: [UInt32: CreditReturn] = [:]
        var lastWrite = Monotonic(nanoseconds: 0)
        var isDirty = false
        var isBlocked = false
        var isClosed = false
        var token: EventLoop.Token?
        var messagesSent: UInt64 = 0
        var bytesSent: UInt64 = 0
        /// Called on the loop once nothing is left to write.
        var writtenObservers: [@Sendable () -> Void] = []
    }

    private struct Acknowledgement {
        var sequences: [UInt64] = []
        var bytes = 0
    }

    private struct Receiving {
        var input: ReceiveBuffer
        var targets: [InboundTarget?] = []
        /// Of the names that were defined, in bytes.
        var definedBytes = 0
        var routes: [UInt32: RouteReference] = [:]
        var bytesReceived: UInt64 = 0
    }

    private struct Polling {
        var isBusy = false
        var policy = SpinPolicy()
    }

    /// What a look at the socket came to.
    private enum Look {
        case drained
        case more
        case ended
        case violated(WireError)
    }

    let process: UInt64
    /// Held until the connection is closed and leaves the host.
    private let host: ActorHost
    private let socket: Descriptor
    private let scanner: FrameScanner
    private let state: Mutex<State>

    private let receiving: Mutex<Receiving>
    private let polling = Mutex(Polling())

    init(process: UInt64, socket: consuming Descriptor, host: ActorHost) {
        self.process = process
        self.socket = socket
        self.host = host
        state = Mutex(State(spawnedReturn: host.limits.newCreditReturn()))
        // Room for the header and the sections around the largest message.
        let limit = host.limits.maximumMessage + 64 * 1024
        scanner = FrameScanner(limit: limit)
        receiving = Mutex(Receiving(input: ReceiveBuffer(frameLimit: limit)))
        polling.withLock { $0.policy.isEnabled = true }
    }

    // MARK: Sending, from any thread

    /// Appends a message; false when the connection has ended, in which case nothing happened.
    func send(_ message: OutgoingMessage, to receiver: UInt32) -> Bool {
        let accepted = state.withLock { state -> Bool in
            if state.isClosed { return false }
            define(message.target, &state)
            let wasIdle = state.pending.count == 0 && state.outgoing.count == 0
            var header = FrameHeader(
                kind: .tell, flags: message.sections.flags.rawValue, target: message.target,
                receiver: receiver)
            if let call = message.call {
                header.kind = .call
                header.call = state.pending.insert(call)
                guard call.moved(to: .sent(self, receiver: receiver, number: header.call)) else {
                    // Given up before it was sent: its caller has its outcome.
                    _ = state.pending.remove(header.call)
                    return true
                }
            }
            state.messagesSent &+= 1
            let start = FrameScanner.beginFrame(in: state.outgoing)
            header.write(to: state.outgoing)
            message.sections.write(to: state.outgoing)
            unsafe state.outgoing.append(message.arguments.bytes)
            finishFrame(start, &state)
            appended(&state, mayWriteNow: wasIdle && (message.call != nil || isOverdue(state)))
            return true
        }
        // An answer, or credit, will come back soon.
        if accepted && host.loop.isCurrent { host.loop.expectInput() }
        return accepted
    }

    /// Answers a call of the other side.
    ///
    /// - Parameter atOnce: whether it leaves before anything else is done.
    func reply(_ status: ReplyStatus, to call: UInt32, _ body: ByteWriter?, atOnce: Bool = false) {
        state.withLock { state in
            if state.isClosed { return }
            let start = FrameScanner.beginFrame(in: state.outgoing)
            FrameHeader(kind: .reply, flags: status.rawValue, call: call).write(to: state.outgoing)
            if let body { unsafe state.outgoing.append(body.bytes) }
            finishFrame(start, &state)
            appended(&state, mayWriteNow: false)
            if atOnce && !state.isBlocked { write(&state) }
        }
    }

    /// The other side need not answer any more.
    func cancel(_ call: UInt32, to receiver: UInt32) {
        state.withLock { state in
            guard !state.isClosed, state.pending.remove(call) != nil else { return }
            append(FrameHeader(kind: .cancel, receiver: receiver, call: call), &state)
            appended(&state, mayWriteNow: true)
        }
    }

    /// Tells the receiver that a sender here waits for credit.
    func askForCredit(for receiver: UInt32) {
        state.withLock { state in
            if state.isClosed { return }
            append(FrameHeader(kind: .needCredit, receiver: receiver), &state)
            appended(&state, mayWriteNow: true)
        }
    }

    /// A one-way message to `receiver` is done with: its credit goes back, in batches.
    func finishedTell(to receiver: UInt32, size: Int, _ sections: MessageSections) {
        let isThere = receiver == 0 || host.local(receiver) != nil
        state.withLock { state in
            if state.isClosed { return }
            if receiver == 0, let sequence = sections.sequence {
                return acknowledge(sequence, size, atOnce: sections.isRedelivered, &state)
            }
            // Nothing is kept for actors that are not there: there are four thousand million numbers.
            guard isThere else {
                let kept = state.returns.removeValue(forKey: receiver)
                let batch = ((kept?.messages ?? 0) + 1, (kept?.bytes ?? 0) + size)
                return giveBack(batch, receiver, &state)
            }
            let batch =
                receiver == 0
                ? state.spawnedReturn.finished(size)
                : state.returns[receiver, default: host.limits.newCreditReturn()].finished(size)
            if let batch { giveBack(batch, receiver, &state) }
        }
    }

    // All that are finished until the next write go together: there is nothing to gain by keeping them longer.
    private func acknowledge(_ sequence: UInt64, _ size: Int, atOnce: Bool, _ state: inout State) {
        state.acknowledged.sequences.append(sequence)
        state.acknowledged.bytes += size
        if state.isBlocked { return }
        if atOnce || isOverdue(state) { return write(&state) }
        markDirty(&state)
    }

    private func appendAcknowledgements(_ state: inout State) {
        if state.acknowledged.sequences.isEmpty { return }
        let start = FrameScanner.beginFrame(in: state.outgoing)
        FrameHeader(kind: .acknowledged, call: UInt32(clamping: state.acknowledged.sequences.count))
            .write(to: state.outgoing)
        state.outgoing.appendFixed(UInt64(state.acknowledged.bytes))
        for sequence in state.acknowledged.sequences { state.outgoing.appendFixed(sequence) }
        finishFrame(start, &state)
        state.acknowledged.sequences.removeAll(keepingCapacity: true)
        state.acknowledged.bytes = 0
    }

    /// A redelivered message is going to be served: its sender knows before it is.
    func began(_ sequence: UInt64) {
        state.withLock { state in
            if state.isClosed { return }
            let start = FrameScanner.beginFrame(in: state.outgoing)
            FrameHeader(kind: .acknowledged, flags: 1, call: 1).write(to: state.outgoing)
            state.outgoing.appendFixed(UInt64(0))
            state.outgoing.appendFixed(sequence)
            finishFrame(start, &state)
            if !state.isBlocked { write(&state) }
        }
    }

    private func senderWaits(for receiver: UInt32) {
        let isThere = receiver == 0 || host.local(receiver) != nil
        state.withLock { state in
            guard !state.isClosed, isThere || state.returns[receiver] != nil else { return }
            let batch =
                receiver == 0
                ? state.spawnedReturn.senderWaits()
                : state.returns[receiver, default: host.limits.newCreditReturn()].senderWaits()
            if let batch { giveBack(batch, receiver, &state) }
        }
    }

    /// Tells the mailbox over there that its lowered limits are kept to.
    func confirmLimits(of receiver: UInt32, count: Int, givesBack: Bool) {
        state.withLock { state in
            if state.isClosed { return }
            append(
                FrameHeader(
                    kind: .limited, flags: givesBack ? 1 : 0, receiver: receiver, call: UInt32(count)), &state
            )
            appended(&state, mayWriteNow: true)
        }
    }

    /// Appends a frame of a mailbox, which is written at once if it is urgent; false when the connection has ended.
    func send(_ header: FrameHeader, isUrgent: Bool, _ body: (ByteWriter) -> Void) -> Bool {
        state.withLock { state in
            if state.isClosed { return false }
            let start = FrameScanner.beginFrame(in: state.outgoing)
            header.write(to: state.outgoing)
            body(state.outgoing)
            finishFrame(start, &state)
            if isUrgent && !state.isBlocked { write(&state) }
            appended(&state, mayWriteNow: false)
            return true
        }
    }

    private func giveBack(_ batch: (messages: Int, bytes: Int), _ receiver: UInt32, _ state: inout State) {
        let start = FrameScanner.beginFrame(in: state.outgoing)
        FrameHeader(kind: .credit, receiver: receiver, call: UInt32(batch.messages)).write(to: state.outgoing)
        state.outgoing.appendFixed(UInt64(batch.bytes))
        finishFrame(start, &state)
        appended(&state, mayWriteNow: false)
    }

    private func define(_ target: UInt16, _ state: inout State) {
        let index = Int(target)
        if index < state.defined.count && state.defined[index] { return }
        while state.defined.count <= index { state.defined.append(false) }
        state.defined[index] = true
        let start = FrameScanner.beginFrame(in: state.outgoing)
        FrameHeader(kind: .defineTarget, target: target).write(to: state.outgoing)
        state.outgoing.appendString(host.targetNames.name(of: target))
        finishFrame(start, &state)
    }

    private func append(_ header: FrameHeader, _ state: inout State) {
        let start = FrameScanner.beginFrame(in: state.outgoing)
        header.write(to: state.outgoing)
        finishFrame(start, &state)
    }

    private func finishFrame(_ start: Int, _ state: inout State) {
        do {
            try scanner.endFrame(start, in: state.outgoing)
        } catch {
            // Sizes are checked before anything is appended.
            preconditionFailure("a frame beyond the limit got as far as the connection: \(error)")
        }
    }

    private func isOverdue(_ state: State) -> Bool {
        state.lastWrite.nanoseconds &+ Self.maximumDelay < Monotonic.now.nanoseconds
    }

    private func appended(_ state: inout State, mayWriteNow: Bool) {
        if state.isBlocked { return }
        let isOnLoop = host.loop.isCurrent
        if state.outgoing.count - state.written >= Self.writeThreshold
            || (mayWriteNow && !isOnLoop) || (isOnLoop && isOverdue(state))
        {
            write(&state)
        }
        guard state.outgoing.count > 0, !state.isBlocked else { return }
        markDirty(&state)
    }

    private func markDirty(_ state: inout State) {
        if state.isDirty { return }
        state.isDirty = true
        host.markDirty(self)
    }

    private func write(_ state: inout State) {
        state.lastWrite = .now
        appendAcknowledgements(&state)
        while state.outgoing.count > state.written {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: state.outgoing.bytes[state.written...])
            switch unsafe Sockets.send(socket.raw, rest) {
            case .moved(let count):
                state.written += count
                state.bytesSent &+= UInt64(count)
            case .wouldBlock:
                dropWrittenFrames(&state)
                state.isBlocked = true
                watch(state)
                return
            case .ended, .failed:
                // The reading side sees the end too, and settles everything.
                dropWrittenFrames(&state)
                state.isBlocked = true
                return
            }
        }
        state.outgoing.removeAll(shrinkingAbove: 256 * 1024)
        state.written = 0
        tellWritten(&state)
    }

    private func tellWritten(_ state: inout State) {
        let observers = state.writtenObservers
        if observers.isEmpty { return }
        state.writtenObservers = []
        // Not here: the lock is held.
        host.loop.perform { for observer in observers { observer() } }
    }

    // Frames stay in the buffer until they are written whole: one cut off by the receiver's death
    // certainly did not run, and is sent again to the next incarnation.
    private func dropWrittenFrames(_ state: inout State) {
        var end = 0
        while end < state.written {
            guard let size = try? unsafe scanner.sizeNeeded(in: state.outgoing.bytes, at: end),
                end + size <= state.written
            else { break }
            end += size
        }
        state.outgoing.removeFirst(end)
        state.written -= end
    }

    // MARK: On the loop

    /// What has passed so far.
    var traffic: Traffic {
        let bytesReceived = receiving.withLock { $0.bytesReceived }
        return state.withLock {
            Traffic(messagesSent: $0.messagesSent, bytesSent: $0.bytesSent, bytesReceived: bytesReceived)
        }
    }

    func open() throws(SystemError) {
        let token = try host.loop.add(socket.raw, for: .readable, handler: self)
        state.withLock { $0.token = token }
    }

    /// Writes what has gathered.
    func flush() {
        state.withLock { state in
            state.isDirty = false
            if !state.isBlocked && !state.isClosed { write(&state) }
        }
    }

    /// Calls `action` once everything appended so far has been written, or never will be: maybe at once.
    func whenWritten(_ action: @escaping @Sendable () -> Void) {
        let isWritten = state.withLock { state in
            guard !state.isClosed, state.outgoing.count > 0 else { return true }
            state.writtenObservers.append(action)
            return false
        }
        if isWritten { action() }
    }

    /// Writes what has gathered, waiting for room: the last thing before the process ends.
    func writeEverything(until deadline: Monotonic) {
        state.withLock { state in
            guard !state.isClosed else { return }
            write(&state)
            while state.outgoing.count > state.written,
                Sockets.waitWritable(socket.raw, until: deadline)
            {
                write(&state)
            }
        }
    }

    /// Messages for `receiver` over there come from this route, which wants its credit.
    func attach(_ route: Route, receiver: UInt32) {
        receiving.withLock { $0.routes[receiver] = RouteReference(route) }
    }

    func ready(_ readiness: Readiness) {
        if readiness.contains(.writable) {
            state.withLock { state in
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
            case .violated(let error):
                host.violation(by: process, error)
                return close()
            }
        }
    }

    /// The other process has sent its last: takes in what is there, and closes.
    func takeRestAndClose() {
        // Bounded, since a child of that process may have the socket, and write to it without end.
        for _ in 0..<1_024 {
            guard case .more = receiving.withLock({ look(&$0) }) else { break }
        }
        close()
    }

    // Which readiness the loop is to tell of; with the lock held, so that the last word is the right one.
    private func watch(_ state: State, paused: Bool = false) {
        guard let token = state.token else { return }
        var interest: Readiness = paused ? [] : .readable
        if state.isBlocked { interest.insert(.writable) }
        host.loop.change(token, descriptor: socket.raw, to: interest)
    }

    // MARK: Looking for an answer without the loop

    /// Looks for the answer to a call for a moment, on the caller's own thread, before it suspends.
    ///
    /// An answer that comes soon then costs neither the waking of the loop nor that of a thread for the
    /// caller. The policy is the loop's: for at most 30 µs, and not while it does not pay.
    func lookForAnswer(to call: PendingCall) {
        let mayLook = polling.withLock { polling in
            guard !polling.isBusy else { return false }
            polling.policy.inputExpected = true
            polling.isBusy = polling.policy.shouldSpin
            return polling.isBusy
        }
        guard mayLook else { return }
        let isAlone = state.withLock { state in
            guard state.pending.count == 1, !state.isBlocked, !state.isClosed else { return false }
            watch(state, paused: true)
            return true
        }
        if isAlone {
            let isAnswered = spin(until: call)
            state.withLock { watch($0) }
            polling.withLock { isAnswered ? $0.policy.succeeded() : $0.policy.failed() }
        }
        polling.withLock { $0.isBusy = false }
    }

    private func spin(until call: PendingCall) -> Bool {
        let end = Monotonic.now.advanced(by: .microseconds(30))
        var last = Monotonic.now
        while last < end {
            // An end or a violation is left for the loop to see.
            switch receiving.withLockIfAvailable({ look(&$0) }) {
            case .ended, .violated: return false
            case .more, .drained, nil: break
            }
            if call.isFinished { return true }
            CurrentProcess.yieldProcessor()
            let now = Monotonic.now
            polling.withLock { $0.policy.yielded(for: last.duration(to: now)) }
            last = now
        }
        return false
    }

    // MARK: Receiving, with `receiving` held

    private func look(_ receiving: inout Receiving) -> Look {
        do {
            let (outcome, room) = try unsafe receiving.input.read(from: socket.raw)
            switch outcome {
            case .moved(let count):
                receiving.bytesReceived &+= UInt64(count)
                while let frame = try receiving.input.nextFrame() { try handle(frame, &receiving) }
                return count < room ? .drained : .more
            case .wouldBlock: return .drained
            case .ended, .failed: return .ended
            }
        } catch {
            return .violated(error)
        }
    }

    private func handle(_ frame: Payload, _ receiving: inout Receiving) throws(WireError) {
        var reader = frame.reader
        let header = try FrameHeader(from: &reader)
        switch header.kind {
        case .call, .tell:
            try handleMessage(header, frame, &reader, receiving.targets)
        case .reply:
            try handleReply(header, frame, reader)
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
            host.local(header.receiver)?.senderWaits(self)
        case .limit:
            let bytes = try reader.readFixed(UInt64.self)
            changeLimit(
                of: header, CreditShare(messages: Int(header.call), bytes: Int(clamping: bytes)), receiving)
        case .acknowledged:
            try handleAcknowledgement(header, &reader, receiving)
        case .limited:
            host.local(header.receiver)?.limitsConfirmed(
                by: ObjectIdentifier(self), count: Int(header.call), givesBack: header.flags != 0)
        case .toMailbox, .toSender:
            try host.mailboxes.handle(header, frame, &reader, from: self)
        }
    }

    private func handleAcknowledgement(
        _ header: FrameHeader, _ reader: inout ByteReader, _ receiving: borrowing Receiving
    ) throws(WireError) {
        let bytes = try reader.readFixed(UInt64.self)
        guard Int(header.call) == reader.remaining / 8, reader.remaining % 8 == 0 else {
            throw WireError(.malformed, "\(header.call) sequence numbers in \(reader.remaining) bytes")
        }
        var sequences: [UInt64] = []
        for _ in 0..<header.call { sequences.append(try reader.readFixed(UInt64.self)) }
        guard let route = receiving.routes[header.receiver]?.route else { return }
        if header.flags == 0 {
            route.acknowledged(sequences, bytes: Int(clamping: bytes))
        } else {
            route.began(sequences)
        }
    }

    private func changeLimit(of header: FrameHeader, _ limit: CreditShare, _ receiving: borrowing Receiving) {
        let isLowered = header.flags != 0
        if let route = receiving.routes[header.receiver]?.route {
            route.limited(to: limit, isLowered: isLowered)
        } else if isLowered {
            // Nobody here refers to the actor any more.
            confirmLimits(of: header.receiver, count: 1, givesBack: true)
        }
    }

    private func handleMessage(
        _ header: FrameHeader, _ frame: Payload, _ reader: inout ByteReader, _ targets: [InboundTarget?]
    ) throws(WireError) {
        guard Int(header.target) < targets.count, let target = targets[Int(header.target)] else {
            throw WireError(.malformed, "target \(header.target) was never defined")
        }
        let sections = try MessageSections(from: &reader, flags: header.flags)
        let start = frame.range.lowerBound + reader.offset
        if host.loop.isCurrent { host.loop.expectInput() }
        host.deliver(
            InboundMessage(
                target: target, sections: sections,
                arguments: Payload(chunk: frame.chunk, range: start..<frame.range.upperBound),
                receiver: header.receiver,
                origin: header.kind == .call ? .call(self, header.call) : .tell(self)))
    }

    private func handleReply(
        _ header: FrameHeader, _ frame: Payload, _ reader: ByteReader
    ) throws(WireError) {
        guard let status = ReplyStatus(rawValue: header.flags) else {
            throw WireError(.malformed, "unknown reply status \(header.flags)")
        }
        let start = frame.range.lowerBound + reader.offset
        let payload = Payload(chunk: frame.chunk, range: start..<frame.range.upperBound)
        // No such call: it was given up before. That is not an error of the other side.
        let call = state.withLock { $0.pending.remove(header.call) }
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

    // MARK: The end

    /// Ends the connection: what was not written goes back to its routes, calls under way get their outcome.
    func close() {
        let (token, unsent, calls) = state.withLock { state in
            guard let token = state.token.take() else {
                return (EventLoop.Token?.none, [Unsent](), [PendingCall]())
            }
            state.isClosed = true
            tellWritten(&state)
            dropWrittenFrames(&state)
            let unsent = takeUnsent(&state)
            return (token, unsent, state.pending.removeAll())
        }
        guard let token else { return }
        host.loop.remove(token, descriptor: socket.raw)
        Sockets.shutDown(socket.raw)
        // The others are given to the next incarnation.
        let interrupted = calls.filter { $0.sequence == nil }
        host.closed(self, routes: routes(for: unsent), interrupted: interrupted)
    }

    private typealias Unsent = (receiver: UInt32, message: OutgoingMessage)

    /// The messages that were never written whole, in order; their calls leave the table.
    private func takeUnsent(_ state: inout State) -> [Unsent] {
        var messages: [Unsent] = []
        var offset = 0
        while let body = try? unsafe scanner.nextFrame(in: state.outgoing.bytes, at: offset) {
            offset = body.upperBound
            var reader = unsafe ByteReader(UnsafeRawBufferPointer(rebasing: state.outgoing.bytes[body]))
            guard let header = try? FrameHeader(from: &reader), header.kind == .call || header.kind == .tell,
                let sections = try? MessageSections(from: &reader, flags: header.flags)
            else { continue }
            let arguments = ByteWriter(capacity: reader.remaining)
            unsafe arguments.append(reader.unread)
            let call = header.kind == .call ? state.pending.remove(header.call) : nil
            if header.kind == .call && call == nil { continue }  // given up meanwhile
            call?.moved(to: nil)
            let message = OutgoingMessage(
                target: header.target, sections: sections, arguments: arguments, call: call)
            messages.append((header.receiver, message))
        }
        state.outgoing.removeAll(shrinkingAbove: 0)
        return messages
    }

    /// The routes that used this connection, each with what it had left unsent.
    private func routes(for unsent: [Unsent]) -> [(Route, [OutgoingMessage])] {
        var messages = Dictionary(grouping: unsent, by: \.receiver).mapValues { $0.map(\.message) }
        let attached = receiving.withLock { $0.routes }
        return attached.compactMap { receiver, attached in
            let left = messages.removeValue(forKey: receiver) ?? []
            // Nobody here may refer to the actor any more while messages to it are still to be sent.
            let route =
                attached.route ?? (left.isEmpty ? nil : host.route(to: attached.key, name: attached.name))
            return route.map { ($0, left) }
        }
    }
}

extension DataConnection: CreditTaker {
    func changeLimit(_ limit: CreditShare, of receiver: UInt32, isLowered: Bool) {
        state.withLock { state in
            if state.isClosed { return }
            if receiver == 0 {
                state.spawnedReturn.changeWindow(to: limit)
            } else {
                state.returns[receiver, default: host.limits.newCreditReturn()].changeWindow(to: limit)
            }
            let start = FrameScanner.beginFrame(in: state.outgoing)
            FrameHeader(
                kind: .limit, flags: isLowered ? 1 : 0, receiver: receiver,
                call: UInt32(clamping: limit.messages)
            ).write(to: state.outgoing)
            state.outgoing.appendFixed(UInt64(limit.bytes))
            finishFrame(start, &state)
            appended(&state, mayWriteNow: false)
        }
    }
}
