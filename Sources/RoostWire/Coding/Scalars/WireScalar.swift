/// A type that is one value on the wire, with no encoder or decoder made for it.
protocol WireScalar: Codable {
    /// The tag of a list element without tags of their own; nil when such a list is never packed.
    static var elementTag: UInt8? { get }

    func write(to writer: ByteSink)

    /// Reads what follows `tag`.
    static func read(tag: UInt8, from reader: inout ByteReader) throws(ScalarFault) -> Self
}

/// Why a scalar could not be read; whoever knows the type and the coding path turns it into a `DecodingError`.
enum ScalarFault: Error {
    /// The value is of another type.
    case mismatch(tag: UInt8)
    /// The value is a number that the type has no room for.
    case doesNotFit
    /// A map refers to keys outside it, so that only a decoder can read it.
    case needsKeyTable
    /// The bytes are wrong.
    case wire(WireError)
}

extension WireScalar {
    /// Reads a tag and what follows it.
    @inline(__always)
    static func read(from reader: inout ByteReader) throws(ScalarFault) -> Self {
        let tag: UInt8
        do { tag = try reader.readTag() } catch { throw .wire(error) }
        return try read(tag: tag, from: &reader)
    }
}

extension ByteReader {
    /// Reads a value's tag; a tag that only packed elements have is not one.
    @inline(__always)
    mutating func readTag() throws(WireError) -> UInt8 {
        let tag = try readByte()
        guard tag != Tag.boolElement else { throw WireError.unknownTag(tag, at: offset - 1) }
        return tag
    }

    /// `readFixed`, with the error that scalars throw.
    @inline(__always)
    mutating func readScalarBits<T: FixedWidthInteger>(_ type: T.Type) throws(ScalarFault) -> T {
        do { return try readFixed(type) } catch { throw .wire(error) }
    }
}

extension WireError {
    static func unknownTag(_ tag: UInt8, at offset: Int) -> WireError {
        WireError(.malformed, "no value starts with byte \(tag)", offset: offset)
    }
}
