/// How many generic types and witness tables an actor's own type takes.
///
/// Read from the type's descriptor, whose layout is part of Swift's stable ABI (`MetadataLayout` in the
/// compiler's documentation; class metadata without Objective-C interoperability).
enum GenericActor {
    private static let descriptorOffset = 5 * 8
    /// Eleven 32-bit fields of a class's descriptor, then two of its generic header.
    private static let countsOffset = 13 * 4
    private static let isGenericFlag: UInt32 = 0x80

    static func counts(of type: any Any.Type) -> (types: Int, witnessTables: Int) {
        let metadata = unsafe unsafeBitCast(type, to: UnsafeRawPointer.self)
        let descriptor = unsafe metadata.load(fromByteOffset: descriptorOffset, as: UnsafeRawPointer.self)
        guard unsafe descriptor.load(as: UInt32.self) & isGenericFlag != 0 else { return (0, 0) }
        let types = unsafe Int(descriptor.load(fromByteOffset: countsOffset, as: UInt16.self))
        let keys = unsafe Int(descriptor.load(fromByteOffset: countsOffset + 4, as: UInt16.self))
        return (types, max(0, keys - types))
    }
}
