internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// The sending end of a mailbox in one process: gathers encoded elements, and takes credit for each.
///
/// An element is encoded into the batch at once, under this end's own lock. A batch leaves when it is large
/// enough, when the loop's turn ends, and when the last one left too long ago.
@usableFromInline
final class SendingEnd: @unchecked Sendable {
    // @unchecked: everything mutable is in `state`. With its lock held a receiving end's or a connection's may be
    // taken; nobody does it the other way round.

    enum Phase {
        case opening
        case open
        case finished
        case failed(RemoteCallError)
    }

    struct State {
        var phase = Phase.opening
        var link: MailboxLink?
        var gate = CreditGate<Waiter>(first: .none)
        let batch = ByteWriter(capacity: 1_024)
        /// How many elements are in the batch.
        var count = 0
        var pace = SendingPace()
        var lastFlush: UInt64 = 0
        var isDirty = false
        var opener: Waiter?
        var receipts: [(number: UInt64, waiter: Waiter)] = []
        var lastReceipt: UInt64 = 0
        /// Those who are told of the end as soon as its reason is known.
        var bereaved: [Waiter] = []
    }

    /// A batch this large leaves, as do messages that have gathered to as much.
    private static let batchSize = 16 * 1024
    /// What was accepted leaves with the next element when this much time has passed.
    private static let maximumDelay: UInt64 = 1_000_000

    let number: UInt32
    let receiver: ActorKey
    let host: ActorHost
    let name: String
    private let userInfo: UserInfo
    private let maximumSize: Int
    private let state = Mutex(State())
    /// Left by the loop when it has found the lock taken.
    private let flushing = Errand()

    init(number: UInt32, receiver: ActorKey, name: String, host: ActorHost) {
        self.number = number
        self.receiver = receiver
        self.host = host
        self.name = name
        userInfo = host.userInfo
        maximumSize = host.limits.maximumMessage
        state.withLock { $0.batch.maximumAttachments = Sockets.maximumDescriptors }
    }

    /// The process that the mailbox is in.
    var process: UInt64 { receiver.owner }

    // MARK: Opening

    /// Asks the mailbox to be one of its senders.
    nonisolated(nonsending) func open(as sender: SenderName) async throws {
        let waiter = Waiter()
        try await wait(waiter) { state in
            state.opener = waiter
            return true
        } then: { [self] in
            let isAccepted = host.loop.perform { [self] in connect(as: sender, lost: nil) }
            if !isAccepted { terminated(.shutdown) }
        }
    }

    // On the loop.
    private func connect(as sender: SenderName, lost: UInt64?) {
        if process == host.process {
            guard let end = host.mailboxes.receiving(UInt32(truncatingIfNeeded: receiver.number)) else {
                return handle(.closed(.ended, detail: ""))
            }
            return connected(.local(end), as: sender)
        }
        host.link.resolve(receiver, lost: lost) { [self] resolution in
            switch resolution {
            case .terminated(let reason), .restarting(let reason): terminated(ExitReason(reason))
            case .process(let process, _):
                guard let connection = host.connection(to: process) else {
                    // It ended before the answer was read.
                    return connect(as: sender, lost: process)
                }
                connected(.remote(connection), as: sender)
            }
        }
    }

    private func connected(_ link: MailboxLink, as sender: SenderName) {
        let isSent = locked { state in
            // It may have been given up.
            guard case .opening = state.phase else { return true }
            state.link = link
            return link.send(.open(sender.actor, name: sender.name), from: self, isUrgent: true)
        }
        if !isSent { connectionEnded() }
    }

    // MARK: Sending

    /// Accepts an element if there is room for it: the usual case, which suspends nobody.
    ///
    /// - Returns: nil, or the element that has to wait.
    @usableFromInline
    func sendAtOnce<Element: Encodable>(_ element: Element) throws -> Waiter? {
        try locked { state in
            guard case .open = state.phase else { throw self.error(in: state.phase) }
            let start = state.batch.count
            do {
                try WireCoding.encode(element, into: state.batch, userInfo: self.userInfo)
            } catch {
                throw self.error(.unencodable, message: "\(error)")
            }
            let size = state.batch.count - start
            guard size <= self.maximumSize, state.gate.admits(size) else {
                return try self.setAside(&state, from: start)
            }
            state.gate.take(size)
            self.accepted(&state)
            return nil
        }
    }

    private func setAside(_ state: inout State, from start: Int) throws -> Waiter {
        let size = state.batch.count - start
        defer {
            state.batch.truncate(to: start)
            state.batch.attachments = []
        }
        guard size <= maximumSize else {
            throw error(
                .tooLarge, message: "the element takes \(size) bytes, and \(maximumSize) are allowed")
        }
        let element = ByteWriter(capacity: size)
        unsafe element.append(UnsafeRawBufferPointer(rebasing: state.batch.bytes[start...]))
        element.attachments = state.batch.attachments
        return Waiter(element: element)
    }

    /// Waits until there is room for an element, which is accepted then.
    @usableFromInline
    nonisolated(nonsending) func send(waiting waiter: Waiter) async throws {
        let size = waiter.element.count
        try await wait(waiter) { state in
            guard case .open = state.phase else { throw self.error(in: state.phase) }
            self.flush(&state, isUrgent: true)
            if state.gate.admits(size) {
                state.gate.take(size)
                self.accept(waiter, &state)
                return false
            }
            if state.gate.wait(waiter, size: size, isImpatient: false) { self.ask(&state) }
            return true
        }
    }

    private func accept(_ waiter: Waiter, _ state: inout State) {
        unsafe state.batch.append(waiter.element.bytes)
        state.batch.attachments = waiter.element.attachments
        accepted(&state)
    }

    @inline(__always)
    private func accepted(_ state: inout State) {
        state.count += 1
        // Blobs are counted within a batch: one with blobs is its last element.
        if state.batch.count >= Self.batchSize || state.batch.hasAttachments {
            return flush(&state, isUrgent: false)
        }
        if state.pace.isDue() {
            let now = Monotonic.now.nanoseconds
            state.pace.looked(at: now)
            if state.lastFlush &+ Self.maximumDelay < now { return flush(&state, isUrgent: true) }
        }
        if !state.isDirty { markDirty(&state) }
    }

    private func markDirty(_ state: inout State) {
        state.isDirty = true
        host.mailboxes.markDirty(self, on: host.loop)
    }

    /// Hands over what has gathered; the loop does so every turn, and waits for nobody who is just sending.
    func flush(isWaiting: Bool) {
        if isWaiting {
            state.withLock { turnEnded(&$0) }
        } else {
            flushing.run(state) { turnEnded(&$0) }
        }
    }

    private func turnEnded(_ state: inout State) {
        state.isDirty = false
        flush(&state, isUrgent: false)
    }

    func locked<Result, Failure>(
        _ body: (inout sending State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        defer { flushing.runIfLeft(state) { turnEnded(&$0) } }
        return try state.withLock(body)
    }

    private func flush(_ state: inout State, isUrgent: Bool) {
        guard state.count > 0 else { return }
        // Without a connection any more, its end is about to be told.
        _ = state.link?.send(
            .elements(count: state.count), from: self, with: state.batch, isUrgent: isUrgent)
        state.batch.removeAll(shrinkingAbove: 4 * Self.batchSize)
        state.count = 0
        state.lastFlush = Monotonic.now.nanoseconds
    }

    // MARK: Receipts and the end

    /// Waits until the receiver's process has everything sent so far.
    nonisolated(nonsending) func receipt() async throws {
        let waiter = Waiter()
        try await wait(waiter) { state in
            guard case .open = state.phase else { throw self.error(in: state.phase) }
            self.askReceipt(for: waiter, &state)
            return true
        }
    }

    /// Ends the sending; with a receipt for everything, when somebody waits for it.
    nonisolated(nonsending) func finish() async throws {
        let waiter = Waiter()
        try await wait(waiter) { state in
            switch state.phase {
            case .failed: throw self.error(in: state.phase)
            case .finished: return false
            case .opening, .open: break
            }
            // In this order: after the end the mailbox may be gone, with everything taken out of it.
            self.askReceipt(for: waiter, &state)
            self.sendFinish(&state)
            return true
        }
    }

    /// Ends the sending, and waits for nothing.
    func leave() {
        locked { state in
            switch state.phase {
            case .open: sendFinish(&state)
            case .opening, .finished, .failed: break
            }
        }
        host.mailboxes.remove(self)
    }

    // Elements that still wait for room belong to sends that others have under way: they are told.
    private func sendFinish(_ state: inout State) {
        flush(&state, isUrgent: false)
        _ = state.link?.send(.finish, from: self, isUrgent: true)
        state.phase = .finished
        let finished = error(in: state.phase)
        for waiter in state.gate.opened() { waiter.resume(.failed(finished)) }
    }

    private func askReceipt(for waiter: Waiter, _ state: inout State) {
        flush(&state, isUrgent: false)
        state.lastReceipt += 1
        state.receipts.append((state.lastReceipt, waiter))
        _ = state.link?.send(.askReceipt(state.lastReceipt), from: self, isUrgent: true)
    }

    private func ask(_ state: inout State) {
        _ = state.link?.send(.needCredit, from: self, isUrgent: true)
    }

    // MARK: What the mailbox says

    func handle(_ word: ToSender) {
        locked { state in
            switch word {
            case .opened(let messages, let bytes):
                guard case .opening = state.phase else { return }
                state.gate = CreditGate(first: CreditShare(messages: messages, bytes: bytes))
                _ = state.gate.connected()
                state.phase = .open
                state.opener.take()?.resume(.done)
            case .credit(let messages, let bytes):
                settle(state.gate.returned(messages: messages, bytes: bytes), &state)
            case .limit(let messages, let bytes, let isLowered):
                let limit = CreditShare(messages: messages, bytes: bytes)
                settle(state.gate.limited(to: limit, isLowered: isLowered), &state)
            case .receipt(let number):
                let told = state.receipts.prefix { $0.number <= number }
                state.receipts.removeFirst(told.count)
                for (_, waiter) in told { waiter.resume(.done) }
            case .closed(let reason, let detail):
                let error = error(for: reason, detail)
                for waiter in fail(&state, with: error) { waiter.resume(.failed(error)) }
            }
        }
    }

    private func settle(_ outcome: CreditGate<Waiter>.Outcome, _ state: inout State) {
        guard case .open = state.phase else { return }
        for waiter in outcome.admitted {
            accept(waiter, &state)
            waiter.resume(.done)
        }
        if outcome.asks { ask(&state) }
        if let confirmation = outcome.confirmed {
            _ = state.link?.send(
                .limited(count: confirmation.count, givesBack: confirmation.givesBack), from: self,
                isUrgent: true)
        }
    }

    // MARK: Waiting

    /// Waits for what `begin` has the waiter entered for, unless it returns false: then there is nothing to wait for.
    private nonisolated(nonsending) func wait(
        _ waiter: Waiter, _ begin: (inout State) throws -> Bool, then: () -> Void = {}
    ) async throws {
        let outcome = await withTaskCancellationHandler {
            unsafe await withUnsafeContinuation { continuation in
                let early = locked { state -> Outcome? in
                    if waiter.isCancelled { return .cancelled }
                    unsafe waiter.continuation = continuation
                    do {
                        if try begin(&state) { return nil }
                        unsafe waiter.continuation = nil
                        return .done
                    } catch {
                        unsafe waiter.continuation = nil
                        return (error as? RemoteCallError).map { .failed($0) } ?? .cancelled
                    }
                }
                if let early {
                    unsafe continuation.resume(returning: early)
                } else {
                    then()
                }
            }
        } onCancel: {
            cancel(waiter)
        }
        switch outcome {
        case .done: return
        case .failed(let error): throw error
        case .cancelled: throw CancellationError()
        }
    }

    private func cancel(_ waiter: Waiter) {
        locked { state in
            waiter.isCancelled = true
            guard unsafe waiter.continuation != nil else { return }
            let (_, outcome) = state.gate.remove { $0 === waiter }
            settle(outcome, &state)
            state.receipts.removeAll { $0.waiter === waiter }
            if state.opener === waiter {
                // The mailbox's answer finds nobody, and is answered with the end.
                state.opener = nil
                state.phase = .failed(error(.notDelivered, message: "opening it was cancelled"))
                host.mailboxes.remove(self)
            }
            waiter.resume(.cancelled)
        }
    }
}
