internal import RoostWire

/// A message on its way out, before it has a connection.
struct OutgoingMessage {
    var target: UInt16
    var sections: MessageSections
    /// The encoded arguments.
    var arguments: ByteWriter
    /// The caller that waits; nil for a one-way message.
    var call: PendingCall?

    /// What the message counts for in the receiver's mailbox.
    var size: Int { arguments.count + FrameHeader.size }

    /// Whether the message takes room in the mailbox of `receiver`.
    ///
    /// A call back does not: who waits for it cannot make room for it.
    func takesRoom(at receiver: ActorKey) -> Bool { !sections.path.contains(receiver) }

    /// The same message, to be kept: its writer is not used for another.
    func kept() -> OutgoingMessage {
        arguments.keep()
        return self
    }
}
