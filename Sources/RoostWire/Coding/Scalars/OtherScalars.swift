// Booleans, floating point and strings.

extension Bool: WireScalar {
    static var elementTag: UInt8? { Tag.boolElement }

    @inline(__always)
    func write(to writer: ByteSink) {
        writer.append(self ? Tag.yes : Tag.no)
    }

    @inline(__always)
    static func read(tag: UInt8, from reader: inout ByteReader) throws(ScalarFault) -> Bool {
        switch tag {
        case Tag.no: return false
        case Tag.yes: return true
        case Tag.boolElement:
            let byte = try reader.readScalarBits(UInt8.self)
            // Another bit pattern in a Bool would be undefined behaviour.
            guard byte <= 1 else {
                throw .wire(WireError(.malformed, "\(byte) is not a Boolean", offset: reader.offset - 1))
            }
            return byte == 1
        default: throw .mismatch(tag: tag)
        }
    }
}

// Floating point travels as its bits: payloads of NaN and the sign of zero arrive as they were. A Float is
// not read as a Double or the other way round, because that conversion would not keep them.

extension Float: WireScalar {
    static var elementTag: UInt8? { Tag.float }

    @inline(__always)
    func write(to writer: ByteSink) {
        writer.appendNumber(Tag.float, bitPattern)
    }

    @inline(__always)
    static func read(tag: UInt8, from reader: inout ByteReader) throws(ScalarFault) -> Float {
        guard tag == Tag.float else { throw .mismatch(tag: tag) }
        return Float(bitPattern: try reader.readScalarBits(UInt32.self))
    }
}

extension Double: WireScalar {
    static var elementTag: UInt8? { Tag.double }

    @inline(__always)
    func write(to writer: ByteSink) {
        writer.appendNumber(Tag.double, bitPattern)
    }

    @inline(__always)
    static func read(tag: UInt8, from reader: inout ByteReader) throws(ScalarFault) -> Double {
        guard tag == Tag.double else { throw .mismatch(tag: tag) }
        return Double(bitPattern: try reader.readScalarBits(UInt64.self))
    }
}

extension String: WireScalar {
    static var elementTag: UInt8? { nil }

    func write(to writer: ByteSink) {
        var copy = self
        copy.withUTF8 { utf8 in
            if utf8.count <= Tag.shortStringCount {
                writer.append(Tag.shortString | UInt8(truncatingIfNeeded: utf8.count))
            } else {
                writer.append(Tag.string)
                writer.appendVarint(UInt64(utf8.count))
            }
            unsafe writer.append(UnsafeRawBufferPointer(utf8))
        }
    }

    static func read(tag: UInt8, from reader: inout ByteReader) throws(ScalarFault) -> String {
        let isShort = tag >= Tag.shortString && tag < Tag.shortMap
        guard isShort || tag == Tag.string else { throw .mismatch(tag: tag) }
        do {
            return try isShort ? reader.readShortString(Int(tag - Tag.shortString)) : reader.readString()
        } catch { throw .wire(error) }
    }
}
