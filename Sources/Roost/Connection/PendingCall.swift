internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// What a call came to, before the caller's own task makes a value or an error of it.
enum CallOutcome: Sendable {
    case replied(ReplyStatus, Payload)
    case failed(RemoteCallError.Code, ExitReason?, String)
    /// It waited for itself, by way of these actors.
    case deadlocked([String])
    case cancelled

    var isInterruption: Bool {
        if case .failed(.interrupted, _, _) = self { true } else { false }
    }
}

/// A caller that waits.
///
/// Whoever takes its continuation gives it its one outcome.
final class PendingCall: Sendable {
    // @safe: a continuation is taken out under the lock, so it is resumed once.
    @safe private struct State {
        var continuation: UnsafeContinuation<CallOutcome, Never>?
        var early: CallOutcome?
        var place: Place?
        var timer: EventLoop.TimerToken?
        var sequence: UInt64?
    }

    /// Where the call stands once it has left.
    enum Place: Sendable {
        /// Under this number on a connection.
        case sent(DataConnection, receiver: UInt32, number: UInt32)
        /// In the mailbox of an actor of this process.
        case local(LocalActor)
        /// It has not left: there is no room for it, and this ends the wait.
        case waitsForRoom(giveUp: @Sendable () -> Void)
    }

    /// Which message of an actor waits for it; nil when it was made outside of any.
    let wait: CallWait?
    private let state = Mutex(State())

    init(_ wait: CallWait? = nil) {
        self.wait = wait
    }

    /// Waits for the outcome, which may have come already.
    func outcome() async -> CallOutcome {
        if let early = state.withLock({ $0.early }) { return early }
        return unsafe await withUnsafeContinuation { continuation in
            let early = state.withLock { state in
                if state.early == nil { unsafe state.continuation = continuation }
                return state.early
            }
            if let early { unsafe continuation.resume(returning: early) }
        }
    }

    /// Gives the call its outcome; false when it had one before.
    @discardableResult
    func finish(_ outcome: CallOutcome) -> Bool {
        settle(outcome).isFirst
    }

    // The place is looked up together with the end: either it is seen here, or the end by whoever sends it.
    private func settle(_ outcome: CallOutcome) -> (isFirst: Bool, place: Place?) {
        let (isFirst, continuation, place) = unsafe state.withLock { state in
            let isFirst = state.early == nil
            if isFirst { state.early = outcome }
            return unsafe (isFirst, state.continuation.take(), state.place)
        }
        unsafe continuation?.resume(returning: outcome)
        return (isFirst, place)
    }

    /// Its message's number where messages are delivered at least once: it outlives the receiver's death.
    var sequence: UInt64? {
        get { state.withLock { $0.sequence } }
        set { state.withLock { $0.sequence = newValue } }
    }

    var isFinished: Bool { finished != nil }

    /// The outcome, if it has one already.
    var finished: CallOutcome? { state.withLock { $0.early } }

    var place: Place? { state.withLock { $0.place } }

    /// Notes where it stands.
    ///
    /// - Returns: false when it was given up before; then it is not to be sent at all.
    @discardableResult
    func moved(to place: Place?) -> Bool {
        state.withLock { state in
            state.place = place
            return state.early == nil
        }
    }

    /// Ends the wait before an answer came: the deadline passed, or the caller was cancelled.
    func abandon(_ outcome: CallOutcome) {
        let (isFirst, place) = settle(outcome)
        guard isFirst else { return }
        switch place {
        case .sent(let connection, let receiver, let number): connection.cancel(number, to: receiver)
        case .local(let actor): actor.cancel(CallIdentity(origin: ObjectIdentifier(self), number: 0))
        case .waitsForRoom(let giveUp): giveUp()
        case nil: return
        }
    }
}

/// The calls under way on one connection, by number.
///
/// Numbers go up and come round after four thousand million calls, so an answer to a call that was given
/// up finds nothing, and disturbs nothing.
struct PendingTable {
    private var calls: [UInt32: PendingCall] = [:]
    private var last: UInt32 = 0

    var count: Int { calls.count }

    mutating func insert(_ call: PendingCall) -> UInt32 {
        repeat { last &+= 1 } while calls[last] != nil
        calls[last] = call
        return last
    }

    mutating func remove(_ number: UInt32) -> PendingCall? {
        calls.removeValue(forKey: number)
    }

    /// Empties the table; the calls in the order they were made.
    mutating func removeAll() -> [PendingCall] {
        defer { calls = [:] }
        return calls.sorted { $0.key < $1.key }.map(\.value)
    }
}
