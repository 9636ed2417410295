/// What the runtime's record of a generic struct or enum says: which generic type it is, and of what.
///
/// This exists because comparing a type with each of the hundred fast ones would make the runtime build the
/// metadata of them all, a quarter of a millisecond in every new process. The layout read here is that of
/// `docs/ABI/TypeMetadata.rst` of the Swift project: a word for the kind, a word for the descriptor, then the
/// arguments. It is frozen where Swift's ABI is stable, and elsewhere ``KnownGenerics`` checks it before use.
@unsafe
struct GenericMetadata {
    private let words: UnsafePointer<UInt>

    init(_ type: any Any.Type) {
        unsafe words = unsafeBitCast(type, to: UnsafePointer<UInt>.self)
    }

    init(_ type: ObjectIdentifier) {
        unsafe words = unsafeBitCast(type, to: UnsafePointer<UInt>.self)
    }

    /// The descriptor shared by all types of one generic; nil for what is neither a struct nor an enum.
    var generic: UInt? {
        // 0x200 is a struct, 0x201 an enum, 0x202 an optional; only these have a descriptor there.
        unsafe words[0] >= 0x200 && words[0] <= 0x202 ? words[1] : nil
    }

    /// The type the generic was given; only for a generic known to have so many.
    func argument(_ index: Int) -> ObjectIdentifier {
        unsafe unsafeBitCast(words[2 + index], to: ObjectIdentifier.self)
    }
}

/// The descriptors of the generic types with fast paths, and whether metadata looks as expected at all.
struct KnownGenerics: Sendable {
    static let shared = KnownGenerics()

    let array: UInt
    let dictionary: UInt
    let optional: UInt
    /// False on a runtime that lays metadata out in another way; then only scalars are fast.
    let isTrusted: Bool

    private init() {
        let bytes = unsafe GenericMetadata([UInt8].self)
        let table = unsafe GenericMetadata([String: Int].self)
        let maybe = unsafe GenericMetadata(Int?.self)
        array = unsafe bytes.generic ?? 0
        dictionary = unsafe table.generic ?? 0
        optional = unsafe maybe.generic ?? 0
        // Words past the second are read only when the first two were right.
        isTrusted =
            unsafe array != 0 && dictionary != 0 && optional != 0 && array != dictionary
            && GenericMetadata([Double].self).generic == array
            && bytes.argument(0) == ObjectIdentifier(UInt8.self)
            && table.argument(0) == ObjectIdentifier(String.self)
            && table.argument(1) == ObjectIdentifier(Int.self)
            && maybe.argument(0) == ObjectIdentifier(Int.self)
    }
}
