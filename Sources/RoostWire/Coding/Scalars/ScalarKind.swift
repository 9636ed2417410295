/// The types that are scalars, as a number to switch over.
enum ScalarKind: UInt8 {
    case bool, int, int8, int16, int32, int64, int128
    case uint, uint8, uint16, uint32, uint64, uint128
    case float, double, string

    /// The kind of the type with this identity; nil for every other type.
    @inline(__always)
    init?(_ type: ObjectIdentifier) {
        // Comparisons with sixteen constants; the common types come first.
        switch type {
        case ObjectIdentifier(Int.self): self = .int
        case ObjectIdentifier(String.self): self = .string
        case ObjectIdentifier(Double.self): self = .double
        case ObjectIdentifier(Bool.self): self = .bool
        case ObjectIdentifier(UInt8.self): self = .uint8
        case ObjectIdentifier(Float.self): self = .float
        case ObjectIdentifier(Int64.self): self = .int64
        case ObjectIdentifier(UInt64.self): self = .uint64
        case ObjectIdentifier(Int32.self): self = .int32
        case ObjectIdentifier(UInt32.self): self = .uint32
        case ObjectIdentifier(UInt.self): self = .uint
        case ObjectIdentifier(Int8.self): self = .int8
        case ObjectIdentifier(Int16.self): self = .int16
        case ObjectIdentifier(UInt16.self): self = .uint16
        case ObjectIdentifier(Int128.self): self = .int128
        case ObjectIdentifier(UInt128.self): self = .uint128
        default: return nil
        }
    }
}
