/// Writes the elements of a list.
struct UnkeyedWriter: UnkeyedEncodingContainer {
    let core: EncoderCore
    let handle: FrameHandle

    var codingPath: [any CodingKey] { core.path(to: handle.index) }

    var count: Int {
        guard (try? core.check(handle)) != nil else { return 0 }
        return unsafe core.frames[Int(handle.index)].count
    }

    func encodeNil() throws {
        try core.write(Bool?.none, key: nil, in: handle)
    }

    func encode<T: Encodable>(_ value: T) throws {
        try core.write(value, key: nil, in: handle)
    }

    @inline(__always)
    func encode<Scalar: WireScalar>(_ value: Scalar) throws {
        try core.writeScalar(value, key: nil, in: handle)
    }

    func encode(_ value: Int128) throws { try core.writeScalar(value, key: nil, in: handle) }
    func encode(_ value: UInt128) throws { try core.writeScalar(value, key: nil, in: handle) }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
        let place = core.addPlace(.map, key: nil, in: handle)
        return KeyedEncodingContainer(KeyedWriter<NestedKey>(core: core, handle: place))
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        UnkeyedWriter(core: core, handle: core.addPlace(.list, key: nil, in: handle))
    }

    func superEncoder() -> any Encoder {
        WireEncoder(core: core, handle: core.addPlace(.slot, key: nil, in: handle))
    }
}
