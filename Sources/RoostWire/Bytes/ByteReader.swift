/// Reads numbers, strings and bytes from memory it borrows, checking every bound.
///
/// ```swift
/// var reader = unsafe ByteReader(frame)
/// let call = try reader.readVarint()
/// let name = try reader.readString()
/// try reader.expectEnd()
/// ```
///
/// The bytes may come from anyone. Whatever they are, a read either returns a value made from bytes that are
/// there or throws a ``WireError``, and never reserves more memory than the bytes could justify. A read that
/// throws leaves the reader where it was.
///
/// The memory must outlive the reader, and every buffer from ``readBytes(_:)``.
@safe
public struct ByteReader {
    @usableFromInline let base: UnsafeRawBufferPointer
    /// How many bytes have been read.
    public var offset = 0

    /// Reads from the start of `bytes`, which must stay valid while the reader is used.
    @inlinable public init(_ bytes: UnsafeRawBufferPointer) {
        unsafe base = bytes
    }

    /// How many bytes have not been read.
    @inlinable public var remaining: Int { unsafe base.count - offset }

    /// Every byte not yet read, without reading it.
    @inlinable public var unread: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(rebasing: base[offset...])
    }

    /// Reads one byte.
    @inlinable public mutating func readByte() throws(WireError) -> UInt8 {
        guard remaining > 0 else { throw truncated(needing: 1) }
        let byte = unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt8.self)
        offset += 1
        return byte
    }

    /// Reads `count` bytes and returns them where they are, without a copy.
    @inlinable public mutating func readBytes(_ count: Int) throws(WireError) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= remaining else { throw truncated(needing: count) }
        let start = offset
        offset += count
        return unsafe UnsafeRawBufferPointer(rebasing: base[start..<offset])
    }

    /// Reads a little-endian integer of the type's own width.
    @inlinable public mutating func readFixed<T: FixedWidthInteger>(_ type: T.Type) throws(WireError) -> T {
        let size = MemoryLayout<T>.size
        guard size <= remaining else { throw truncated(needing: size) }
        var value: T = 0
        unsafe withUnsafeMutableBytes(of: &value) { target in
            unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: base[offset..<offset + size]))
        }
        offset += size
        return T(littleEndian: value)
    }

    /// Reads an unsigned LEB128 number of at most ten bytes.
    @inlinable public mutating func readVarint() throws(WireError) -> UInt64 {
        if remaining > 0 {
            let first = unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt8.self)
            if first < 0x80 {
                offset += 1
                return UInt64(first)
            }
        }
        return try readLongVarint()
    }

    @usableFromInline
    mutating func readLongVarint() throws(WireError) -> UInt64 {
        var value: UInt64 = 0
        var position = offset
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard unsafe position < base.count else { throw truncated(needing: position - offset + 1) }
            let byte = unsafe base.loadUnaligned(fromByteOffset: position, as: UInt8.self)
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            guard byte < 0x80 else { continue }
            // The tenth byte has room for one bit only.
            if shift == 63, byte > 1 { break }
            offset = position
            return value
        }
        throw WireError(.malformed, "a variable-length number does not fit in 64 bits", offset: offset)
    }

    /// Reads a count of things that follow, and refuses one that the bytes left cannot hold.
    ///
    /// An element takes at least `elementSize` bytes, 1 or more; memory for the count can be reserved safely.
    @inlinable public mutating func readCount(elementSize: Int = 1) throws(WireError) -> Int {
        let start = offset
        let claimed = try readVarint()
        guard claimed <= UInt64(remaining / max(elementSize, 1)) else {
            defer { offset = start }
            throw implausible(count: claimed, elementSize: elementSize)
        }
        return Int(claimed)
    }

    /// Reads a string: a varint length, then that many bytes of valid UTF-8.
    @inlinable public mutating func readString() throws(WireError) -> String {
        let start = offset
        let count = try readCount()
        guard let string = readUTF8(count) else {
            offset = start
            throw WireError(.malformed, "a string is not valid UTF-8", offset: start)
        }
        return string
    }

    /// Reads a string of `count` UTF-8 bytes, the length having been read elsewhere.
    mutating func readShortString(_ count: Int) throws(WireError) -> String {
        guard count <= remaining else { throw truncated(needing: count) }
        guard let string = readUTF8(count) else {
            throw WireError(.malformed, "a string is not valid UTF-8", offset: offset)
        }
        return string
    }

    /// Reads `count` bytes, which are known to be there, as UTF-8; nil when they are not valid.
    @usableFromInline
    mutating func readUTF8(_ count: Int) -> String? {
        let utf8 = unsafe UnsafeRawBufferPointer(rebasing: base[offset..<offset + count])
        // `String(validating:)` looks up metadata at each call. This initialiser does not; it repairs what is
        // invalid, and then the bytes differ.
        var string = unsafe String(decoding: utf8, as: UTF8.self)
        guard string.withUTF8({ unsafe UnsafeRawBufferPointer($0).hasSameBytes(as: utf8) }) else {
            return nil
        }
        offset += count
        return string
    }

    /// Throws when bytes are left, for a message that must end here.
    public func expectEnd() throws(WireError) {
        guard remaining == 0 else {
            throw WireError(.trailingBytes, "\(remaining) bytes are left after the end", offset: offset)
        }
    }

    @usableFromInline @inline(never)
    func truncated(needing count: Int) -> WireError {
        WireError(.truncated, "\(count) bytes are needed and \(remaining) are left", offset: offset)
    }

    @usableFromInline @inline(never)
    func implausible(count: UInt64, elementSize: Int) -> WireError {
        WireError(
            .truncated,
            "\(count) elements of at least \(elementSize) bytes are claimed and \(remaining) bytes are left",
            offset: offset)
    }
}

extension UnsafeRawBufferPointer {
    /// Compares eight bytes at a time.
    func hasSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        var position = 0
        while position + 8 <= count {
            let word = unsafe loadUnaligned(fromByteOffset: position, as: UInt64.self)
            guard unsafe word == other.loadUnaligned(fromByteOffset: position, as: UInt64.self) else {
                return false
            }
            position += 8
        }
        while position < count {
            guard unsafe self[position] == other[position] else { return false }
            position += 1
        }
        return true
    }
}
