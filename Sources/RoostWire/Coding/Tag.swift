/// The first byte of every value: what it is and, for the short forms, how long or how much.
///
/// The values are the wire format; `Documentation/WireFormat.md` has the table.
enum Tag {
    static let null: UInt8 = 0x00
    static let no: UInt8 = 0x01
    static let yes: UInt8 = 0x02

    // Numbers in a fixed width. The same codes, plus `packed`, start a list of them without further tags.
    static let int8: UInt8 = 0x03
    static let uint8: UInt8 = 0x04
    static let int16: UInt8 = 0x05
    static let uint16: UInt8 = 0x06
    static let int32: UInt8 = 0x07
    static let uint32: UInt8 = 0x08
    static let int64: UInt8 = 0x09
    static let uint64: UInt8 = 0x0A
    static let int128: UInt8 = 0x0B
    static let uint128: UInt8 = 0x0C
    static let float: UInt8 = 0x0D
    static let double: UInt8 = 0x0E
    /// A Boolean as a byte; only ever the element of a packed list, never the tag of a value.
    static let boolElement: UInt8 = 0x0F
    static let packed: UInt8 = 0x10

    static let string: UInt8 = 0x20
    static let list: UInt8 = 0x21
    static let map: UInt8 = 0x22

    // Short forms, with a number in the low bits.
    static let shortString: UInt8 = 0x40
    static let shortMap: UInt8 = 0x60
    static let shortList: UInt8 = 0x70
    static let smallInt: UInt8 = 0x80

    /// The most entries a short map or list has.
    static let shortCount = 0x0F
    /// The longest short string, in UTF-8 bytes.
    static let shortStringCount = 0x1F

    /// The bytes that one number of this tag takes after it; nil when the tag is not a number's.
    @inline(__always)
    static func width(_ tag: UInt8) -> Int? {
        switch tag {
        case int8, uint8, boolElement: 1
        case int16, uint16: 2
        case int32, uint32, float: 4
        case int64, uint64, double: 8
        case int128, uint128: 16
        default: nil
        }
    }

    /// The tag of the elements, when `tag` starts a packed list.
    @inline(__always)
    static func element(ofPacked tag: UInt8) -> UInt8? {
        tag >= packed + int8 && tag <= packed + boolElement ? tag - packed : nil
    }

    /// What a value with this tag is, in words for an error.
    static func name(_ tag: UInt8) -> String {
        switch tag {
        case null: "nil"
        case no, yes, boolElement: "a Boolean"
        case int8...uint128, smallInt...: "an integer"
        case float: "a Float"
        case double: "a Double"
        case string, shortString..<shortMap: "a string"
        case list, shortList..<smallInt, packed + int8...packed + boolElement: "a list"
        case map, shortMap..<shortList: "a map"
        default: "an unknown tag \(tag)"
        }
    }
}

/// The first number of a map entry: how its key is written.
enum KeyForm {
    /// A string follows; it also becomes the next number of the key table.
    static let define: UInt64 = 0
    /// A string follows; it is not remembered.
    static let literal: UInt64 = 1
    /// A zigzag varint follows: the key is an integer.
    static let integer: UInt64 = 2
    /// From here on, the number of an entry of the key table.
    static let reference: UInt64 = 3
}
