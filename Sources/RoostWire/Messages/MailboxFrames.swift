/// What a sender tells a mailbox: the body of a frame with the kind ``FrameKind/toMailbox``.
///
/// The header names the mailbox in its owner's process as the receiver, and the sender in its own as the call.
public enum ToMailbox: Equatable, Sendable {
    /// How the flags of the header say what it is.
    public enum Kind: UInt8, Sendable, CaseIterable {
        case open = 0
        case elements = 1
        case needCredit = 2
        case limited = 3
        case askReceipt = 4
        case finish = 5
    }

    /// The longest name of an actor that is told, in UTF-8 bytes.
    public static let maximumName = 4_096

    /// A new sender would like to send, on behalf of an actor if there is one.
    case open(ActorKey?, name: String)
    /// So many elements follow, as values.
    case elements(count: Int)
    /// The sender waits for credit.
    case needCredit
    /// So many lowered limits are kept to.
    case limited(count: Int, givesBack: Bool)
    /// Answer with this number once everything before it is here.
    case askReceipt(UInt64)
    /// The sender sends nothing more.
    case finish

    /// The flags of its header.
    public var kind: Kind {
        switch self {
        case .open: .open
        case .elements: .elements
        case .needCredit: .needCredit
        case .limited: .limited
        case .askReceipt: .askReceipt
        case .finish: .finish
        }
    }

    /// Appends what stands after the header; elements come after it.
    public func write(to writer: ByteWriter) {
        switch self {
        case .open(let actor, let name):
            writer.append(actor == nil ? 0 : 1)
            if let actor {
                writer.appendFixed(actor.owner)
                writer.appendFixed(actor.number)
            }
            writer.appendString(name)
        case .elements(let count): writer.appendFixed(UInt32(count))
        case .limited(let count, let givesBack):
            writer.appendFixed(UInt32(count))
            writer.append(givesBack ? 1 : 0)
        case .askReceipt(let number): writer.appendFixed(number)
        case .needCredit, .finish: break
        }
    }

    /// Reads what stands after the header; elements are left to be read.
    public init(from reader: inout ByteReader, flags: UInt8) throws(WireError) {
        guard let kind = Kind(rawValue: flags) else {
            throw WireError(.malformed, "unknown order \(flags) to a mailbox", offset: reader.offset)
        }
        switch kind {
        case .open:
            let actor = try reader.readFlag() ? try reader.readActorKey() : nil
            let name = try reader.readString()
            guard name.utf8.count <= Self.maximumName else {
                throw WireError(.tooLarge, "the name of a sender is beyond all measure")
            }
            self = .open(actor, name: name)
        case .elements:
            let offset = reader.offset
            let count = Int(try reader.readFixed(UInt32.self))
            guard count > 0, count <= reader.remaining else {
                throw WireError(
                    .malformed, "\(count) elements are claimed in \(reader.remaining) bytes", offset: offset)
            }
            self = .elements(count: count)
        case .needCredit: self = .needCredit
        case .limited:
            let count = Int(try reader.readFixed(UInt32.self))
            self = .limited(count: count, givesBack: try reader.readFlag())
        case .askReceipt: self = .askReceipt(try reader.readFixed(UInt64.self))
        case .finish: self = .finish
        }
    }
}

/// What a mailbox tells one of its senders: the body of a frame with the kind ``FrameKind/toSender``.
public enum ToSender: Equatable, Sendable {
    /// How the flags of the header say what it is.
    public enum Kind: UInt8, Sendable, CaseIterable {
        case opened = 0
        case credit = 1
        case limit = 2
        case receipt = 3
        case closed = 4
    }

    /// Why a mailbox takes nothing more from a sender, or nothing at all.
    public enum Reason: UInt8, Sendable, CaseIterable {
        /// There is no such mailbox any more.
        case ended = 0
        /// It is sealed: who has not opened it cannot any more.
        case sealed = 1
        /// It has as many senders as it can have.
        case full = 2
        /// The sender sent an element that cannot be decoded.
        case undecodable = 3
    }

    /// The sender may send; so much at first.
    case opened(messages: Int, bytes: Int)
    /// So many elements, of so many bytes, have been taken out.
    case credit(messages: Int, bytes: Int)
    /// How much the sender may have in the mailbox from now on.
    case limit(messages: Int, bytes: Int, isLowered: Bool)
    /// Everything sent before the receipt with this number was asked for is here.
    case receipt(UInt64)
    /// Nothing more is taken from the sender.
    case closed(Reason, detail: String)

    /// The flags of its header.
    public var kind: Kind {
        switch self {
        case .opened: .opened
        case .credit: .credit
        case .limit: .limit
        case .receipt: .receipt
        case .closed: .closed
        }
    }

    /// Appends what stands after the header.
    public func write(to writer: ByteWriter) {
        func append(_ messages: Int, _ bytes: Int) {
            writer.appendFixed(UInt64(messages))
            writer.appendFixed(UInt64(bytes))
        }
        switch self {
        case .opened(let messages, let bytes), .credit(let messages, let bytes): append(messages, bytes)
        case .limit(let messages, let bytes, let isLowered):
            append(messages, bytes)
            writer.append(isLowered ? 1 : 0)
        case .receipt(let number): writer.appendFixed(number)
        case .closed(let reason, let detail):
            writer.append(reason.rawValue)
            writer.appendString(detail)
        }
    }

    /// Reads what stands after the header.
    public init(from reader: inout ByteReader, flags: UInt8) throws(WireError) {
        guard let kind = Kind(rawValue: flags) else {
            throw WireError(.malformed, "unknown word \(flags) from a mailbox", offset: reader.offset)
        }
        func amount(_ reader: inout ByteReader) throws(WireError) -> Int {
            // Sums of such amounts must not overflow, whoever sent them.
            Int(min(try reader.readFixed(UInt64.self), 1 << 40))
        }
        switch kind {
        case .opened:
            let messages = try amount(&reader)
            self = .opened(messages: messages, bytes: try amount(&reader))
        case .credit:
            let messages = try amount(&reader)
            self = .credit(messages: messages, bytes: try amount(&reader))
        case .limit:
            let messages = try amount(&reader)
            let bytes = try amount(&reader)
            self = .limit(messages: messages, bytes: bytes, isLowered: try reader.readFlag())
        case .receipt: self = .receipt(try reader.readFixed(UInt64.self))
        case .closed:
            let offset = reader.offset
            guard let reason = Reason(rawValue: try reader.readByte()) else {
                throw WireError(.malformed, "unknown reason of a mailbox", offset: offset)
            }
            self = .closed(reason, detail: try reader.readString())
        }
    }
}

extension ByteReader {
    fileprivate mutating func readActorKey() throws(WireError) -> ActorKey {
        let owner = try readFixed(UInt64.self)
        return ActorKey(owner: owner, number: try readFixed(UInt64.self))
    }

    fileprivate mutating func readFlag() throws(WireError) -> Bool {
        let offset = offset
        let byte = try readByte()
        guard byte <= 1 else { throw WireError(.malformed, "\(byte) is neither yes nor no", offset: offset) }
        return byte == 1
    }
}
