internal import RoostWire
internal import Synchronization

/// Frames between a mailbox and its senders.
extension DataConnection {
    /// Appends a frame of a mailbox, which is written at once if it is urgent.
    ///
    /// - Returns: false when the connection has ended, in which case nothing happened.
    func send(
        _ header: FrameHeader, _ attachments: [Attachment] = [], isUrgent: Bool, _ body: (ByteWriter) -> Void
    ) -> Bool {
        state.withLock { state in
            if state.isClosed { return false }
            let start = state.outgoing.begin(header)
            body(state.outgoing.gathered)
            state.outgoing.end(start, attachments: attachments)
            if isUrgent && !state.isBlocked { write(&state) }
            appended(&state, mayWriteNow: false)
            return true
        }
    }
}
