internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// Looking for an answer without the loop.
extension DataConnection {
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
        let isAlone = locked { state in
            guard state.pending.count == 1, !state.isBlocked, !state.isClosed else { return false }
            watch(state, paused: true)
            return true
        }
        if isAlone {
            let isAnswered = spin(until: call)
            locked { watch($0) }
            polling.withLock { isAnswered ? $0.policy.succeeded() : $0.policy.failed() }
        }
        polling.withLock { $0.isBusy = false }
    }

    private func spin(until call: PendingCall) -> Bool {
        let end = Monotonic.now.advanced(by: .microseconds(30))
        var last = Monotonic.now
        while last < end {
            switch receiving.withLockIfAvailable({ look(&$0) }) {
            case .ended:
                // Left for the loop to see.
                return false
            case .violated(let error):
                // Its bytes have been read, and the loop would never see them.
                host.loop.perform { [self] in violated(error) }
                return false
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
}
