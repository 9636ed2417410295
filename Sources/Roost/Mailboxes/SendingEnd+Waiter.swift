internal import RoostWire

extension SendingEnd {
    /// What somebody who waited here is told.
    enum Outcome: Sendable {
        case done
        case failed(RemoteCallError)
        case cancelled
    }

    /// Somebody who waits: for credit, for a receipt, or for being admitted.
    @safe @usableFromInline
    final class Waiter: @unchecked Sendable {
        // @unchecked: guarded by the lock of the end. The continuation is taken out before it is resumed.
        var continuation: UnsafeContinuation<Outcome, Never>?
        var isCancelled = false
        /// The element that waits for credit.
        let element: ByteWriter

        init(element: ByteWriter = ByteWriter(capacity: 16)) {
            self.element = element
        }

        func resume(_ outcome: Outcome) {
            unsafe continuation.take()?.resume(returning: outcome)
        }
    }
}
