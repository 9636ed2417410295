/// A type that is read and written without making an encoder or a decoder: a scalar, an array of one, a
/// dictionary from `String` or `Int` to one, or an optional of any of these.
struct FastType {
    enum Form: UInt8 {
        case scalar, array, stringKeyed, intKeyed
    }

    var form: Form
    var isOptional = false
    var scalar: ScalarKind

    /// How `type` is fast; nil when it has to go through `Codable`.
    ///
    /// Without a fast way other forms may be written; every reader takes both, so which types are fast is no part
    /// of the format.
    @inline(__always)
    static func of<T>(_ type: T.Type) -> FastType? {
        if let scalar = ScalarKind(ObjectIdentifier(type)) { return FastType(form: .scalar, scalar: scalar) }
        return unsafe composite(GenericMetadata(type))
    }

    @inline(never)
    private static func composite(_ type: GenericMetadata) -> FastType? {
        let known = KnownGenerics.shared
        guard let generic = unsafe type.generic, known.isTrusted else { return nil }
        switch generic {
        case known.array:
            guard let scalar = unsafe ScalarKind(type.argument(0)) else { return nil }
            return FastType(form: .array, scalar: scalar)
        case known.dictionary:
            guard let scalar = unsafe ScalarKind(type.argument(1)) else { return nil }
            switch unsafe type.argument(0) {
            case ObjectIdentifier(String.self): return FastType(form: .stringKeyed, scalar: scalar)
            case ObjectIdentifier(Int.self): return FastType(form: .intKeyed, scalar: scalar)
            default: return nil
            }
        case known.optional:
            return unsafe wrapped(in: type)
        default:
            return nil
        }
    }

    private static func wrapped(in optional: GenericMetadata) -> FastType? {
        if let scalar = unsafe ScalarKind(optional.argument(0)) {
            return FastType(form: .scalar, isOptional: true, scalar: scalar)
        }
        guard var fast = unsafe composite(GenericMetadata(optional.argument(0))), !fast.isOptional else {
            // An optional of an optional goes through Codable, as it would without fast paths.
            return nil
        }
        fast.isOptional = true
        return fast
    }
}
