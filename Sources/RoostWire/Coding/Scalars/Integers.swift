// Integers take the fewest of 1, 2, 3, 5, 9 or 17 bytes, whatever their type, so that any integer type can
// read what another wrote as long as the number fits.

extension WireScalar where Self: FixedWidthInteger {
    @inline(__always)
    func write(to writer: ByteSink) {
        if self >= 0, self <= 0x7F {
            writer.append(Tag.smallInt | UInt8(truncatingIfNeeded: self))
        } else {
            writeWide(to: writer)
        }
    }

    @inline(never)
    func writeWide(to writer: ByteSink) {
        if self >= 0 {
            if let small = UInt8(exactly: self) {
                writer.appendNumber(Tag.uint8, small)
            } else if let small = UInt16(exactly: self) {
                writer.appendNumber(Tag.uint16, small)
            } else if let small = UInt32(exactly: self) {
                writer.appendNumber(Tag.uint32, small)
            } else if let small = UInt64(exactly: self) {
                writer.appendNumber(Tag.uint64, small)
            } else {
                writer.appendNumber(Tag.uint128, UInt128(self))
            }
        } else if let small = Int8(exactly: self) {
            writer.appendNumber(Tag.int8, small)
        } else if let small = Int16(exactly: self) {
            writer.appendNumber(Tag.int16, small)
        } else if let small = Int32(exactly: self) {
            writer.appendNumber(Tag.int32, small)
        } else if let small = Int64(exactly: self) {
            writer.appendNumber(Tag.int64, small)
        } else {
            writer.appendNumber(Tag.int128, Int128(self))
        }
    }

    @inline(__always)
    static func read(tag: UInt8, from reader: inout ByteReader) throws(ScalarFault) -> Self {
        // Every integer type has room for seven bits.
        if tag >= Tag.smallInt { return Self(truncatingIfNeeded: tag & 0x7F) }
        return try readWide(tag: tag, from: &reader)
    }

    @inline(never)
    static func readWide(tag: UInt8, from reader: inout ByteReader) throws(ScalarFault) -> Self {
        let value: Self? =
            switch tag {
            case Tag.int8: Self(exactly: try reader.readScalarBits(Int8.self))
            case Tag.uint8: Self(exactly: try reader.readScalarBits(UInt8.self))
            case Tag.int16: Self(exactly: try reader.readScalarBits(Int16.self))
            case Tag.uint16: Self(exactly: try reader.readScalarBits(UInt16.self))
            case Tag.int32: Self(exactly: try reader.readScalarBits(Int32.self))
            case Tag.uint32: Self(exactly: try reader.readScalarBits(UInt32.self))
            case Tag.int64: Self(exactly: try reader.readScalarBits(Int64.self))
            case Tag.uint64: Self(exactly: try reader.readScalarBits(UInt64.self))
            case Tag.int128: Self(exactly: try reader.readScalarBits(Int128.self))
            case Tag.uint128: Self(exactly: try reader.readScalarBits(UInt128.self))
            default: throw .mismatch(tag: tag)
            }
        guard let value else { throw .doesNotFit }
        return value
    }

    /// The tag of this width and sign.
    @inline(__always)
    static var elementTag: UInt8? {
        switch bitWidth {
        case 8: isSigned ? Tag.int8 : Tag.uint8
        case 16: isSigned ? Tag.int16 : Tag.uint16
        case 32: isSigned ? Tag.int32 : Tag.uint32
        case 64: isSigned ? Tag.int64 : Tag.uint64
        default: isSigned ? Tag.int128 : Tag.uint128
        }
    }
}

extension ByteSink {
    /// A tag and a number in its own width.
    @inline(__always)
    func appendNumber<T: FixedWidthInteger>(_ tag: UInt8, _ value: T) {
        append(tag)
        appendFixed(value)
    }
}

extension Int: WireScalar {}
extension Int8: WireScalar {}
extension Int16: WireScalar {}
extension Int32: WireScalar {}
extension Int64: WireScalar {}
extension Int128: WireScalar {}
extension UInt: WireScalar {}
extension UInt8: WireScalar {}
extension UInt16: WireScalar {}
extension UInt32: WireScalar {}
extension UInt64: WireScalar {}
extension UInt128: WireScalar {}
