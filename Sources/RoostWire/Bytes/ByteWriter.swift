/// A growable buffer that messages are written into, kept and reused from one message to the next.
///
/// ```swift
/// let writer = ByteWriter()
/// writer.appendVarint(42)
/// writer.appendString("hello")
/// send(writer.bytes)
/// writer.removeAll()          // the storage stays for the next message
/// ```
///
/// It is also an outgoing queue: ``removeFirst(_:)`` drops what a socket has taken and moves no bytes
/// until more than half of the storage is dead. All numbers are little endian. Nothing here fails; a
/// writer grows until memory ends.
///
/// `@unchecked Sendable`: a writer has no lock. Whoever owns it guards it, as with any mutable class.
public final class ByteWriter: @unchecked Sendable {
    @usableFromInline let sink: ByteSink
    /// The encoder that wrote here last, kept so that the next message need not allocate one.
    private var idleEncoder: EncoderCore?

    private let initialCapacity: Int

    /// Makes an empty writer.
    ///
    /// - Parameter capacity: bytes to make room for at once; also the size ``removeAll(shrinkingAbove:)``
    ///   shrinks to.
    public init(capacity: Int = 256) {
        initialCapacity = max(capacity, 16)
        sink = ByteSink(capacity: initialCapacity)
    }

    deinit {
        sink.deallocate()
    }

    func takeEncoder() -> EncoderCore { idleEncoder.take() ?? EncoderCore(writer: sink) }

    func giveBack(_ core: consuming EncoderCore) {
        var core = core
        // An encoder that a type has kept must not see the next message.
        if isKnownUniquelyReferenced(&core) { idleEncoder = core }
    }

    /// The number of bytes written and not removed.
    @inlinable public var count: Int { sink.count }

    /// How many bytes the storage has room for, dead ones before the first live byte included.
    @inlinable public var capacity: Int { sink.capacity }

    /// The bytes written and not removed; valid until the next mutation.
    @inlinable public var bytes: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: sink.storage + sink.head, count: sink.count)
    }

    /// Makes sure that `additional` more bytes fit without growing.
    @inlinable public func reserve(_ additional: Int) { sink.reserve(additional) }

    /// Appends one byte.
    @inlinable public func append(_ byte: UInt8) { sink.append(byte) }

    /// Appends a copy of `bytes`.
    @inlinable public func append(_ bytes: UnsafeRawBufferPointer) { unsafe sink.append(bytes) }

    /// Appends an integer in its own width, little endian.
    @inlinable public func appendFixed<T: FixedWidthInteger>(_ value: T) { sink.appendFixed(value) }

    /// Appends an unsigned number in LEB128: seven bits a byte, lowest first, one to ten bytes.
    @inlinable public func appendVarint(_ value: UInt64) { sink.appendVarint(value) }

    /// Appends a string: the number of its UTF-8 bytes as a varint, then the bytes.
    public func appendString(_ value: String) { sink.appendString(value) }

    /// Writes an integer over bytes that are already there, for lengths known only afterwards.
    @inlinable public func overwriteFixed<T: FixedWidthInteger>(_ value: T, at offset: Int) {
        sink.overwriteFixed(value, at: offset)
    }

    /// Whether somebody goes on to need the bytes, so that the writer must not be used again.
    @inlinable public var isKept: Bool { unsafe sink.state.pointee.isKept }

    /// Notes that the bytes are needed further on.
    public func keep() { unsafe sink.state.pointee.isKept = true }

    /// Drops the first `count` bytes, for a buffer of which a socket took only a part.
    public func removeFirst(_ count: Int) {
        precondition(count >= 0 && count <= self.count, "removing more bytes than there are")
        sink.head += count
        if sink.head == sink.tail {
            sink.head = 0
            sink.tail = 0
        }
    }

    /// Keeps the first `count` bytes and drops the rest.
    public func truncate(to count: Int) { sink.truncate(to: count) }

    /// Drops every byte and attachment, and keeps the storage.
    ///
    /// - Parameter limit: storage of more than this many bytes is given back, so that one large message does
    ///   not hold its memory for ever.
    public func removeAll(shrinkingAbove limit: Int = .max) {
        sink.head = 0
        sink.tail = 0
        sink.dropAttachments(from: 0)
        guard sink.capacity > limit, sink.capacity > initialCapacity else { return }
        unsafe sink.storage.deallocate()
        unsafe sink.storage = .allocate(byteCount: initialCapacity, alignment: 16)
        sink.capacity = initialCapacity
    }
}
