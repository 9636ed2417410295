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
    static let readsPerTurn = 4

    struct State {
        var outgoing: OutgoingFrames
        var pending = PendingTable()
        var defined: [Bool] = []
        /// What is finished of messages with a sequence, for the next write.
        var acknowledged = Acknowledgement()
        /// Of the actor this process was spawned for, which has nearly all of the messages, and of others.
        var spawnedReturn: CreditReturn
        var returns: [UInt32: CreditReturn] = [:]
        var lastWrite = Monotonic(nanoseconds: 0)
        var messagesSent: UInt64 = 0
        var bytesSent: UInt64 = 0
        var isDirty = false
        var isBlocked = false
        var isClosed = false
        var token: EventLoop.Token?
        /// Called on the loop once nothing is left to write.
        var writtenObservers: [@Sendable () -> Void] = []
    }

    struct Acknowledgement {
        var sequences: [UInt64] = []
        var bytes = 0
    }

    struct Receiving {
        var input: DataReceiveBuffer
        var targets: [InboundTarget?] = []
        /// Of the names that were defined, in bytes.
        var definedBytes = 0
        var routes: [UInt32: RouteReference] = [:]
        var bytesReceived: UInt64 = 0
    }

    struct Polling {
        var isBusy = false
        var policy = SpinPolicy()
    }

    let process: UInt64
    /// Held until the connection is closed and leaves the host.
    let host: ActorHost
    let socket: Descriptor
    let state: Mutex<State>
    /// Left by the loop when it has found the lock taken.
    let flushing = Errand()

    let receiving: Mutex<Receiving>
    let polling = Mutex(Polling())

    init(process: UInt64, socket: consuming Descriptor, host: ActorHost) {
        self.process = process
        self.socket = socket
        self.host = host
        // Room for the header and the sections around the largest message.
        let limit = host.limits.maximumMessage + 64 * 1024
        state = Mutex(
            State(
                outgoing: OutgoingFrames(scanner: FrameScanner(limit: limit)),
                spawnedReturn: host.limits.newCreditReturn()))
        receiving = Mutex(Receiving(input: DataReceiveBuffer(frameLimit: limit)))
        polling.withLock { $0.policy.isEnabled = true }
    }

    func locked<Result, Failure>(
        _ body: (inout sending State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        defer { flushing.runIfLeft(state) { turnEnded(&$0) } }
        return try state.withLock(body)
    }

    // MARK: Sending, from any thread

    /// Appends a message; false when the connection has ended, in which case nothing happened.
    func send(_ message: OutgoingMessage, to receiver: UInt32) -> Bool {
        let accepted = locked { state -> Bool in
            if state.isClosed { return false }
            define(message.target, &state)
            let wasIdle = state.pending.count == 0 && state.outgoing.isEmpty
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
            state.outgoing.append(header, message)
            appended(&state, mayWriteNow: wasIdle && (message.call != nil || isOverdue(state)))
            return true
        }
        // An answer, or credit, will come back soon.
        if accepted && host.loop.isCurrent { host.loop.expectInput() }
        return accepted
    }

    /// Answers a call of the other side, `atOnce` if it is to leave before anything else is done.
    func reply(_ status: ReplyStatus, to call: UInt32, _ body: ByteWriter?, atOnce: Bool = false) {
        locked { state in
            if state.isClosed { return }
            state.outgoing.append(reply: status, to: call, body)
            appended(&state, mayWriteNow: false)
            if atOnce && !state.isBlocked { write(&state) }
        }
    }

    /// The other side need not answer any more.
    func cancel(_ call: UInt32, to receiver: UInt32) {
        locked { state in
            guard !state.isClosed, state.pending.remove(call) != nil else { return }
            if !state.outgoing.abandon(call: call, to: receiver) {
                state.outgoing.append(FrameHeader(kind: .cancel, receiver: receiver, call: call))
            }
            appended(&state, mayWriteNow: true)
        }
    }

    private func define(_ target: UInt16, _ state: inout State) {
        let index = Int(target)
        if index < state.defined.count && state.defined[index] { return }
        while state.defined.count <= index { state.defined.append(false) }
        state.defined[index] = true
        let start = state.outgoing.begin(FrameHeader(kind: .defineTarget, target: target))
        state.outgoing.gathered.appendString(host.targetNames.name(of: target))
        state.outgoing.end(start)
    }

    func isOverdue(_ state: State) -> Bool {
        state.lastWrite.nanoseconds &+ Self.maximumDelay < Monotonic.now.nanoseconds
    }

    func appended(_ state: inout State, mayWriteNow: Bool) {
        if state.isBlocked { return }
        let isOnLoop = host.loop.isCurrent
        if state.outgoing.isMoreThan(Self.writeThreshold)
            || (mayWriteNow && !isOnLoop) || (isOnLoop && isOverdue(state))
        {
            write(&state)
        }
        guard !state.outgoing.isEmpty, !state.isBlocked else { return }
        markDirty(&state)
    }

    func markDirty(_ state: inout State) {
        if state.isDirty { return }
        state.isDirty = true
        host.markDirty(self)
    }

    /// What has passed so far.
    var traffic: Traffic {
        let bytesReceived = receiving.withLock { $0.bytesReceived }
        return locked {
            Traffic(messagesSent: $0.messagesSent, bytesSent: $0.bytesSent, bytesReceived: bytesReceived)
        }
    }
}
