/// What a frame on a data socket is for.
public enum FrameKind: UInt8, Sendable, CaseIterable {
    /// A message that is answered by one ``reply``.
    case call = 1
    /// A message that is not answered.
    case tell = 2
    /// The outcome of a call.
    case reply = 3
    /// The caller no longer waits for a call.
    case cancel = 4
    /// From here on, this number stands for this target name on this connection.
    case defineTarget = 5
    /// The receiver has finished messages; the sender may send as many more.
    case credit = 6
    /// The sender waits for credit: what is finished should be returned at once.
    case needCredit = 7
    /// How much of a mailbox the sender may have under way from now on.
    case limit = 8
    /// No more than the lowered limits allow is under way any more.
    case limited = 9
    /// The beginning of a large message or reply, of which the rest follows in pieces.
    case large = 10
    /// The next bytes of a large message or reply.
    case piece = 11
    /// The rest of a large message does not come.
    case abandon = 12
    /// Messages with a sequence have been finished, or, with flag 1, one has been begun.
    case acknowledged = 13
    /// To a mailbox, from one of its senders; the flags are a ``ToMailbox/Kind``.
    case toMailbox = 14
    /// From a mailbox to one of its senders; the flags are a ``ToSender/Kind``.
    case toSender = 15
}

/// How a call came out.
public enum ReplyStatus: UInt8, Sendable {
    case value = 0
    case void = 1
    /// The method threw; the payload is a ``RemoteFailure``.
    case thrown = 2
    /// The message could not be served; the payload is a ``Refusal``.
    case refused = 3
}

/// The fixed first part of every frame's body on a data socket: 12 bytes, little endian.
///
/// ```
/// kind 1 | flags 1 | target 2 | receiver 4 | call 4 | sections by flags | payload
/// ```
/// The fields have a fixed size so that a header is written and read without a branch.
public struct FrameHeader: Equatable, Sendable {
    /// How many bytes it takes.
    public static let size = 12

    /// Which sections follow the header of a message.
    public struct Flags: OptionSet, Sendable {
        /// The bits.
        public let rawValue: UInt8
        /// The flags with these bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// A deadline follows: 8 bytes, nanoseconds on the machine's monotonic clock.
        public static let deadline = Flags(rawValue: 1)
        /// The actors waiting for this call follow: a count byte, 16 bytes each.
        public static let path = Flags(rawValue: 2)
        /// Generic substitutions follow: a count byte, mangled names as strings.
        public static let generics = Flags(rawValue: 4)
        /// The actor that sent a one-way message follows: 16 bytes.
        ///
        /// A call's sender is the last of its path.
        public static let sender = Flags(rawValue: 8)
        /// How many descriptors came along: a count byte.
        public static let descriptors = Flags(rawValue: 16)
        /// A sequence number follows, under which the message is acknowledged: 8 bytes.
        public static let sequence = Flags(rawValue: 32)
        /// The message was sent to an incarnation before this one; only with a sequence.
        public static let redelivered = Flags(rawValue: 64)
        /// Every flag that has a meaning.
        public static let known: Flags = [
            .deadline, .path, .generics, .sender, .descriptors, .sequence, .redelivered,
        ]
    }

    /// What the frame is for.
    public var kind: FrameKind
    /// ``Flags`` for messages, ``ReplyStatus`` for replies, 0 otherwise.
    public var flags: UInt8
    /// The sender's number for the target, in messages and definitions; how many descriptors came along, in
    /// replies and the beginnings of large frames.
    public var target: UInt16
    /// The receiving actor within the receiving process; 0 is the one it was spawned for.
    public var receiver: UInt32
    /// The sender's number for the call, or for a large frame.
    public var call: UInt32

    /// A header with these fields.
    public init(
        kind: FrameKind, flags: UInt8 = 0, target: UInt16 = 0, receiver: UInt32 = 0, call: UInt32 = 0
    ) {
        self.kind = kind
        self.flags = flags
        self.target = target
        self.receiver = receiver
        self.call = call
    }

    /// Reads a header; an unknown kind throws `.malformed`.
    public init(from reader: inout ByteReader) throws(WireError) {
        let offset = reader.offset
        let word = try reader.readFixed(UInt64.self)
        let call = try reader.readFixed(UInt32.self)
        guard let kind = FrameKind(rawValue: UInt8(truncatingIfNeeded: word)) else {
            throw WireError(
                .malformed, "unknown frame kind \(UInt8(truncatingIfNeeded: word))", offset: offset)
        }
        self.kind = kind
        flags = UInt8(truncatingIfNeeded: word >> 8)
        target = UInt16(truncatingIfNeeded: word >> 16)
        receiver = UInt32(truncatingIfNeeded: word >> 32)
        self.call = call
    }

    /// Appends the header.
    public func write(to writer: ByteWriter) {
        let word =
            UInt64(kind.rawValue) | UInt64(flags) << 8 | UInt64(target) << 16 | UInt64(receiver) << 32
        writer.appendFixed(word)
        writer.appendFixed(call)
    }
}
