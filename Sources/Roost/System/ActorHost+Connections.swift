internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// Looking at the connections, on the loop: what is wrong with one, and how its process ended.
extension ActorHost {
    func isConnected(to process: UInt64) -> Bool { connections[process] != nil }

    func connection(to process: UInt64) -> DataConnection? { connections[process] }

    func violation(by process: UInt64, _ error: WireError) {
        link.violation(by: process, "\(error)")
    }

    /// Why a process ended, or that this cannot be said in time; on the loop, where it answers too.
    func exitReason(
        of process: UInt64, within limit: Duration, _ answer: @escaping @Sendable (ExitReason) -> Void
    ) {
        let isAnswered = Mutex(false)
        let once: @Sendable (ExitReason) -> Void = { reason in
            let isFirst = isAnswered.withLock { isAnswered in
                defer { isAnswered = true }
                return !isAnswered
            }
            if isFirst { answer(reason) }
        }
        link.exitReason(of: process, once)
        loop.schedule(.closure { once(.unknown) }, at: Monotonic.now.advanced(by: limit))
    }
}
