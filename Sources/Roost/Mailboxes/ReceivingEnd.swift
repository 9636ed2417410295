internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// The receiving end of a mailbox: its room, who sends to it, and the batches that wait to be taken out.
///
/// Elements stay bytes until they are taken: whoever takes them decodes them, on its own task.
@safe @usableFromInline
final class ReceivingEnd: @unchecked Sendable {
    // @unchecked: `state` guards what frames and the reader change, `isRead` who uses the cursor. With the lock of
    // `state` held a connection's may be taken, and no other.

    struct State {
        var membership = MailboxMembership<SenderKey>()
        var pool: CreditPool<SenderKey>
        var peers: [SenderKey: Peer] = [:]
        var batches = RingBuffer<Batch>()
        var reader: Reader?
        var failure: RemoteCallError?
        /// Losses of which the reason is not known yet.
        var unreported = 0
    }

    /// The task that waits for elements.
    @safe struct Reader {
        let number: UInt64
        let continuation: UnsafeContinuation<Bool, Never>
    }

    /// Elements that came together.
    struct Batch {
        let peer: Peer
        let payload: Payload
        let count: Int
    }

    /// What the one reader works on.
    struct Cursor {
        var batch: Batch?
        var bytes = Payload.empty.reader
        /// The memory of blobs in it.
        var attachments: [Attachment] = []
        /// How many elements of the batch are left.
        var left = 0
        /// What has been taken out and not been accounted for.
        var untold = 0
        var toldOffset = 0
        /// How much of it is accounted for at once.
        var stride = CreditShare.none
    }

    let number: UInt32
    let host: ActorHost
    let name: String
    let state: Mutex<State>
    let losses: AsyncStream<SenderLoss>
    let lossReports: AsyncStream<SenderLoss>.Continuation
    private let userInfo: UserInfo
    private let scratch = DecodingScratch()
    private let isRead = Atomic<Bool>(false)
    private let lastReader = Atomic<UInt64>(0)
    // Behind a pointer, because each access to a stored property of a class is checked for exclusivity.
    private let cursor: UnsafeMutablePointer<Cursor>

    init(number: UInt32, room: CreditShare, name: String, host: ActorHost) {
        self.number = number
        self.host = host
        self.name = name
        state = Mutex(State(pool: CreditPool(room: room)))
        userInfo = host.userInfo
        (losses, lossReports) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(4_096))
        unsafe cursor = .allocate(capacity: 1)
        unsafe cursor.initialize(to: Cursor())
    }

    deinit {
        unsafe cursor.deinitialize(count: 1).deallocate()
    }

    // MARK: Taking elements out

    /// What looking for the next batch came to.
    enum Advance {
        case ready
        case wait
        case ended
        case failed(RemoteCallError)
    }

    /// The next element, when it is here already: the usual case, which suspends nobody.
    @usableFromInline
    func takeNow<Element: Decodable>(_ type: Element.Type) -> Element? {
        claim()
        defer { release() }
        return takeElement(type)
    }

    /// The next element, which may have to be waited for; nil at the end.
    @usableFromInline
    nonisolated(nonsending) func takeLater<Element: Decodable>(_ type: Element.Type) async throws -> Element?
    {
        claim()
        defer { release() }
        while true {
            if let element = takeElement(type) { return element }
            switch advance() {
            case .ready: continue
            case .ended: return nil
            case .failed(let error): throw error
            case .wait: try await waitForBatch()
            }
        }
    }

    private func claim() {
        precondition(!isRead.exchange(true, ordering: .acquiring), "a mailbox is read by one task at a time")
    }

    private func release() {
        isRead.store(false, ordering: .releasing)
    }

    @inline(__always)
    private func takeElement<Element: Decodable>(_ type: Element.Type) -> Element? {
        guard unsafe cursor.pointee.left > 0 else { return nil }
        do {
            let element = try unsafe WireCoding.decode(
                type, from: &cursor.pointee.bytes, userInfo: userInfo,
                attachments: cursor.pointee.attachments, scratch: scratch)
            unsafe cursor.pointee.left -= 1
            unsafe cursor.pointee.untold += 1
            // The last of a batch at once: it may be long before somebody comes back.
            if unsafe cursor.pointee.left == 0 || cursor.pointee.untold >= cursor.pointee.stride.messages
                || cursor.pointee.bytes.offset - cursor.pointee.toldOffset >= cursor.pointee.stride.bytes
            {
                tell()
            }
            return element
        } catch {
            spoiled("an element cannot be decoded as \(type): \(error)")
            return nil
        }
    }

    /// Accounts for what was taken out of the batch.
    private func tell() {
        state.withLock { unsafe tell(&$0, &cursor.pointee) }
    }

    private func tell(_ state: inout State, _ cursor: inout Cursor) {
        guard let peer = cursor.batch?.peer, cursor.untold > 0 else { return }
        let size = cursor.bytes.offset - cursor.toldOffset
        peer.untaken -= cursor.untold
        taken(cursor.untold, size: size, from: peer, &state)
        cursor.untold = 0
        cursor.toldOffset = cursor.bytes.offset
    }

    private func advance() -> Advance {
        if unsafe cursor.pointee.batch != nil, unsafe cursor.pointee.bytes.remaining > 0 {
            spoiled("there are bytes after the last element")
        }
        return state.withLock { state in
            unsafe advance(&state, &cursor.pointee)
        }
    }

    private func advance(_ state: inout State, _ cursor: inout Cursor) -> Advance {
        tell(&state, &cursor)
        cursor.batch = nil
        cursor.attachments = []
        while let batch = state.batches.popFirst() {
            // Taken from the mailbox for an element before it.
            if batch.peer.isSpoiled { continue }
            cursor.batch = batch
            cursor.bytes = batch.payload.reader
            cursor.attachments = batch.payload.attachments
            cursor.left = batch.count
            cursor.untold = 0
            cursor.toldOffset = 0
            cursor.stride = batch.peer.returnStride
            return .ready
        }
        if let failure = state.failure { return .failed(failure) }
        return state.membership.hasEnded ? .ended : .wait
    }

    private func spoiled(_ reason: String) {
        state.withLock { state in
            unsafe spoil(&state, &cursor.pointee, reason)
        }
    }

    private func spoil(_ state: inout State, _ cursor: inout Cursor, _ reason: String) {
        guard let peer = cursor.batch?.peer else { return }
        let taken = peer.received - peer.untaken + cursor.untold
        let discarded = peer.untaken - cursor.untold
        cursor.batch = nil
        cursor.bytes = Payload.empty.reader
        cursor.left = 0
        cursor.untold = 0
        cursor.toldOffset = 0
        peer.isSpoiled = true
        peer.untaken = 0
        tell(peer, .closed(.undecodable, detail: reason))
        _ = state.membership.leaving(peer.key, leavesElements: false)
        forget(peer, &state)
        report(peer, received: taken, discarded: discarded, .undecodable(reason))
        wakeIfEnded(&state)
    }

    // MARK: Waiting

    private nonisolated(nonsending) func waitForBatch() async throws {
        let number = lastReader.wrappingAdd(1, ordering: .relaxed).newValue
        let isCancelled = await withTaskCancellationHandler {
            unsafe await withUnsafeContinuation { continuation in
                unsafe park(Reader(number: number, continuation: continuation))
            }
        } onCancel: {
            let reader = state.withLock { state in
                guard state.reader?.number == number else { return Reader?.none }
                return state.reader.take()
            }
            unsafe reader?.continuation.resume(returning: true)
        }
        if isCancelled { throw CancellationError() }
    }

    private func park(_ reader: Reader) {
        let early: Bool? = state.withLock { state in
            if Task.isCancelled { return true }
            if !state.batches.isEmpty || state.membership.hasEnded || state.failure != nil { return false }
            state.reader = reader
            return nil
        }
        if let early { unsafe reader.continuation.resume(returning: early) }
    }

    func wake(_ state: inout State) {
        unsafe state.reader.take()?.continuation.resume(returning: false)
    }

    func wakeIfEnded(_ state: inout State) {
        guard state.membership.hasEnded else { return }
        wake(&state)
        if state.unreported == 0 { lossReports.finish() }
    }
}
