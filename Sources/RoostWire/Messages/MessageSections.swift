/// The parts of a message between its header and its arguments, present as the flags say.
public struct MessageSections: Equatable, Sendable {
    /// When the caller stops waiting: nanoseconds on the machine's monotonic clock.
    public var deadline: UInt64?
    /// The actors that wait for this call, outermost first; the last is the sender.
    public var path: [ActorKey] = []
    /// Who sent a one-way message, for which nobody waits.
    public var sender: ActorKey?
    /// Under which it is acknowledged, where messages are delivered at least once.
    public var sequence: UInt64?
    /// Whether it was sent to an incarnation before.
    public var isRedelivered = false
    /// Mangled names of the types a generic method was called with.
    public var generics: [String] = []
    /// How many descriptors came along, of values in the arguments.
    public var descriptors: UInt8 = 0

    /// A path longer than this is a runaway recursion through actors.
    public static let maximumPath = 255

    /// The sections of a new message.
    public init(
        deadline: UInt64? = nil, path: [ActorKey] = [], sender: ActorKey? = nil, generics: [String] = [],
        descriptors: UInt8 = 0
    ) {
        self.deadline = deadline
        self.path = path
        self.sender = sender
        self.generics = generics
        self.descriptors = descriptors
    }

    /// The flags of the sections that are there.
    public var flags: FrameHeader.Flags {
        var flags: FrameHeader.Flags = []
        if deadline != nil { flags.insert(.deadline) }
        if !path.isEmpty { flags.insert(.path) }
        if !generics.isEmpty { flags.insert(.generics) }
        if sender != nil { flags.insert(.sender) }
        if sequence != nil { flags.insert(.sequence) }
        if isRedelivered { flags.insert(.redelivered) }
        if descriptors > 0 { flags.insert(.descriptors) }
        return flags
    }

    /// Appends the sections that are there.
    public func write(to writer: ByteWriter) {
        if let deadline { writer.appendFixed(deadline) }
        if !path.isEmpty {
            writer.append(UInt8(path.count))
            for key in path {
                writer.appendFixed(key.owner)
                writer.appendFixed(key.number)
            }
        }
        if let sender {
            writer.appendFixed(sender.owner)
            writer.appendFixed(sender.number)
        }
        if let sequence { writer.appendFixed(sequence) }
        if !generics.isEmpty {
            writer.append(UInt8(generics.count))
            for name in generics { writer.appendString(name) }
        }
        if descriptors > 0 { writer.append(descriptors) }
    }

    /// Reads the sections that the flags name; an unknown flag throws `.malformed`.
    public init(from reader: inout ByteReader, flags: UInt8) throws(WireError) {
        guard flags & ~FrameHeader.Flags.known.rawValue == 0 else {
            throw WireError(.malformed, "unknown message flags \(flags)", offset: reader.offset)
        }
        if flags == 0 { return }
        let flags = FrameHeader.Flags(rawValue: flags)
        if flags.contains(.deadline) { deadline = try reader.readFixed(UInt64.self) }
        if flags.contains(.path) {
            for _ in 0..<(try reader.readByte()) {
                let owner = try reader.readFixed(UInt64.self)
                path.append(ActorKey(owner: owner, number: try reader.readFixed(UInt64.self)))
            }
        }
        if flags.contains(.sender) {
            let owner = try reader.readFixed(UInt64.self)
            sender = ActorKey(owner: owner, number: try reader.readFixed(UInt64.self))
        }
        if flags.contains(.sequence) { sequence = try reader.readFixed(UInt64.self) }
        isRedelivered = flags.contains(.redelivered)
        if isRedelivered && sequence == nil {
            throw WireError(.malformed, "a redelivered message without a number", offset: reader.offset)
        }
        if flags.contains(.generics) {
            for _ in 0..<(try reader.readByte()) { generics.append(try reader.readString()) }
        }
        if flags.contains(.descriptors) {
            descriptors = try reader.readByte()
            guard descriptors > 0 else {
                throw WireError(.malformed, "a count of no descriptors", offset: reader.offset)
            }
        }
    }
}
