internal import RoostWire
internal import Synchronization

/// Frames between a mailbox and its senders.
extension DataConnection {
    /// Appends a frame of a mailbox, which is written at once if it is urgent.
    ///
    /// - Returns: false when the connection has ended, in which case nothing happened.
    func send(
        _ header: FrameHeader, size: Int = 0, _ attachments: [Attachment] = [], isUrgent: Bool,
        _ body: (ByteWriter) -> Void
    ) -> Bool {
        locked { state in
            if state.isClosed { return false }
            state.outgoing.append(header, size: size, attachments, body)
            if isUrgent && !state.isBlocked { write(&state) }
            appended(&state, mayWriteNow: false)
            return true
        }
    }
}
