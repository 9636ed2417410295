internal import RoostPlatform
internal import RoostWire

/// Immutable bytes that are passed between processes without being copied.
///
/// Make one when the same bytes go to several actors, or stay in use for long:
///
/// ```swift
/// let picture = try Blob(copying: pixels)
/// for renderer in renderers { try await renderer.tell { try await $0.load(picture) } }
/// ```
///
/// Every process that has it reads the same memory; a message carries only a descriptor. It is `Codable`: use it as
/// an argument, a result, in an error, or anywhere inside of one. The receiver reads its ``bytes`` where they are.
///
/// It is a sealed memory file: nobody can change it once it has been made, whoever made it included. It is mapped on
/// first use, once for each time it was received, and unmapped and closed when the last copy of the value is gone.
/// A message that is refused, dropped or never read closes what it carried.
///
/// **What it costs.** Making one allocates fresh pages and is slower than sending the bytes once; sending it costs
/// a few microseconds, whatever its size. It takes one descriptor in each process that has it, and more while it is
/// on its way. In a mailbox's limits it counts as the few bytes of the message, so it is up to the program how much
/// memory its blobs take.
///
/// **Limits.** A message carries at most ``maximumPerMessage`` different blobs; more fail the call with
/// `.unencodable`. A process that has no descriptor left for one that arrives fails that call with `.undecodable`.
///
/// Where bytes are needed, its contents are copied: with coders other than Roost's, and in the arguments of a spawn,
/// which are kept for restarts and take at most 64 MiB. `JSONEncoder` writes an array of numbers.
public struct Blob: Sendable {
    /// How many different blobs a message can carry: as many descriptors as the kernel sends at once, 253.
    public static var maximumPerMessage: Int { Sockets.maximumDescriptors }

    let memory: SealedMemory

    /// A copy of bytes.
    ///
    /// - Throws: ``BlobError`` when there is no memory or no descriptor for it.
    public init(copying bytes: some Sequence<UInt8>) throws {
        let copied = try bytes.withContiguousStorageIfAvailable {
            try unsafe Self.copy(UnsafeRawBufferPointer($0))
        }
        memory = if let copied { copied } else { try Blob(copying: Array(bytes)).memory }
    }

    /// A copy of bytes.
    ///
    /// - Throws: ``BlobError`` when there is no memory or no descriptor for it.
    public init(copying bytes: RawSpan) throws {
        memory = try unsafe bytes.withUnsafeBytes { try unsafe Self.copy($0) }
    }

    /// A blob that is filled where it is, from its first byte on.
    ///
    /// ```swift
    /// let squares = try Blob(capacity: 80) { output in
    ///     for number in 0..<10 { output.append(number * number, as: Int.self) }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - capacity: how many bytes there is room for; all of them are allocated at once.
    ///   - fill: appends the bytes. The blob has as many as it appended.
    /// - Throws: ``BlobError`` when there is no memory or no descriptor for it, and what `fill` throws.
    public init(capacity: Int, filledBy fill: (inout OutputRawSpan) throws -> Void) throws {
        memory = try unsafe Self.filled(capacity) { buffer in
            var output = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            try fill(&output)
            return unsafe output.finalize(for: buffer)
        }
    }

    /// A blob of `count` bytes that are filled where they are, in any order; those not written are 0.
    ///
    /// - Throws: ``BlobError`` when there is no memory or no descriptor for it, and what `fill` throws.
    public init(count: Int, filledBy fill: (inout MutableRawSpan) throws -> Void) throws {
        memory = try unsafe Self.filled(count) { buffer in
            var span = unsafe MutableRawSpan(_unsafeBytes: buffer)
            try fill(&span)
            return count
        }
    }

    /// What can be read from a descriptor, from where it stands to its end: of a file, a pipe or a socket.
    ///
    /// The descriptor stays open. Reading one that waits blocks the thread.
    ///
    /// - Throws: ``BlobError`` when reading fails, or when there is no memory or no descriptor for it.
    public init(contentsOf descriptor: Int32) throws {
        do { memory = try SealedMemory(contentsOf: descriptor) } catch { throw BlobError(error) }
    }

    private static func copy(_ bytes: UnsafeRawBufferPointer) throws -> SealedMemory {
        do { return try unsafe SealedMemory(copying: bytes) } catch { throw BlobError(error) }
    }

    private static func filled(
        _ capacity: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws -> SealedMemory {
        precondition(capacity >= 0, "a blob cannot have fewer than no bytes")
        do { return try unsafe SealedMemory.filled(capacity: capacity, fill) } catch let error as SystemError
        {
            throw BlobError(error)
        }
    }

    private init(_ memory: SealedMemory) {
        self.memory = memory
    }

    // MARK: Reading

    /// How many bytes it has.
    public var count: Int { memory.count }

    /// The bytes, where they are.
    ///
    /// The process ends when there is no room in its address space to map them.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = unsafe RawSpan(_unsafeBytes: memory.bytes)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Calls `body` with the bytes, which are valid until it returns.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(memory.bytes)
    }
}

extension Blob: Equatable {
    /// Whether two have the same bytes: at once when they are copies of one another in this process.
    public static func == (left: Blob, right: Blob) -> Bool { left.memory.hasSameBytes(as: right.memory) }
}

extension Blob: Codable {
    /// Attaches the blob to the message, or writes a copy of its bytes where there is none.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let message = encoder as? any AttachingEncoder, let place = try message.attach(memory) {
            try container.encode(place)
        } else {
            try container.encode(unsafe Array(memory.bytes))
        }
    }

    /// Takes the blob that came with the message, or makes one of the bytes that were written instead.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let message = decoder as? any DetachingDecoder, let place = try? container.decode(Int.self)
        else {
            self = try Blob(copying: try container.decode([UInt8].self))
            return
        }
        guard message.attachments.indices.contains(place),
            let memory = message.attachments[place] as? SealedMemory
        else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription:
                    "a blob is not sealed, or has not come: this process has no descriptors left")
        }
        self.init(memory)
    }
}
