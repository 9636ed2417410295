/// Writes the one value of a place.
struct SingleValueWriter: SingleValueEncodingContainer {
    let core: EncoderCore
    let handle: FrameHandle

    var codingPath: [any CodingKey] { core.path(to: handle.index) }

    func encodeNil() throws {
        try core.fill(handle, with: Bool?.none)
    }

    func encode<T: Encodable>(_ value: T) throws {
        try core.fill(handle, with: value)
    }

    // This method also stands for the requirements that name one type each, here and in the other containers;
    // except for 128 bits, where it would lose to a default implementation that throws.
    @inline(__always)
    func encode<Scalar: WireScalar>(_ value: Scalar) throws {
        try core.fillScalar(handle, with: value)
    }

    func encode(_ value: Int128) throws { try core.fillScalar(handle, with: value) }
    func encode(_ value: UInt128) throws { try core.fillScalar(handle, with: value) }
}
