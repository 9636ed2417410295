internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// Writing: what has gathered goes out, large messages in pieces.
extension DataConnection {
    /// How many pieces of large messages are written before the loop and other senders have their turn.
    private static let piecesPerTurn = 4

    /// Writes until there is nothing left, the socket is full or enough pieces have gone; with the lock held.
    func write(_ state: inout State) {
        state.lastWrite = .now
        appendAcknowledgements(&state)
        var pieces = 0
        while let next = state.outgoing.nextWrite() {
            switch send(next) {
            case .moved(let count):
                state.outgoing.wrote(count)
                state.bytesSent &+= UInt64(count)
                if next.isPiece { pieces += 1 }
                if pieces >= Self.piecesPerTurn { return goOnSoon(&state) }
            case .wouldBlock:
                state.outgoing.dropWrittenFrames()
                state.isBlocked = true
                watch(state)
                return
            case .ended, .failed:
                // The reading side sees the end too, and settles everything.
                state.outgoing.dropWrittenFrames()
                state.isBlocked = true
                return
            }
        }
        state.outgoing.dropGathered()
        tellWritten(&state)
    }

    private func send(_ next: OutgoingFrames.Write) -> Sockets.Outcome {
        if unsafe next.attachments.isEmpty && next.second.isEmpty {
            return unsafe Sockets.send(socket.raw, next.first)
        }
        let memory = next.attachments.compactMap { $0 as? SealedMemory }
        return withExtendedLifetime(memory) {
            unsafe Sockets.send(socket.raw, next.first, next.second, descriptors: memory.map(\.raw))
        }
    }

    private func goOnSoon(_ state: inout State) {
        guard !state.isDirty else { return }
        state.isDirty = true
        // Not only at the end of this turn, which may be what calls: the loop must not go to sleep before.
        host.loop.perform { [self] in flush(isWaiting: false) }
    }

    func tellWritten(_ state: inout State) {
        let observers = state.writtenObservers
        if observers.isEmpty { return }
        state.writtenObservers = []
        // Not here: the lock is held.
        host.loop.perform { for observer in observers { observer() } }
    }

    /// Writes what has gathered; the loop does so every turn, and waits for nobody who is just sending.
    func flush(isWaiting: Bool) {
        if isWaiting {
            state.withLock { turnEnded(&$0) }
        } else {
            flushing.run(state) { turnEnded(&$0) }
        }
    }

    func turnEnded(_ state: inout State) {
        state.isDirty = false
        if !state.isBlocked && !state.isClosed { write(&state) }
    }

    /// Calls `action` once everything appended so far has been written, or never will be: maybe at once.
    func whenWritten(_ action: @escaping @Sendable () -> Void) {
        let isWritten = locked { state in
            guard !state.isClosed, !state.outgoing.isEmpty else { return true }
            state.writtenObservers.append(action)
            return false
        }
        if isWritten { action() }
    }

    /// Writes what has gathered, waiting for room: the last thing before the process ends.
    func writeEverything(until deadline: Monotonic) {
        locked { state in
            guard !state.isClosed else { return }
            write(&state)
            while !state.outgoing.isEmpty, Sockets.waitWritable(socket.raw, until: deadline) {
                write(&state)
            }
        }
    }

    // Which readiness the loop is to tell of; with the lock held, so that the last word is the right one.
    func watch(_ state: State, paused: Bool = false) {
        guard let token = state.token else { return }
        var interest: Readiness = paused ? [] : .readable
        if state.isBlocked { interest.insert(.writable) }
        host.loop.change(token, descriptor: socket.raw, to: interest)
    }
}
