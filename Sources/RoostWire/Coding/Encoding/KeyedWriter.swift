/// Writes the entries of a map.
struct KeyedWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let core: EncoderCore
    let handle: FrameHandle

    var codingPath: [any CodingKey] { core.path(to: handle.index) }

    func encodeNil(forKey key: Key) throws {
        try core.write(Bool?.none, key: key.stringValue, in: handle)
    }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        try core.write(value, key: key.stringValue, in: handle)
    }

    @inline(__always)
    func encode<Scalar: WireScalar>(_ value: Scalar, forKey key: Key) throws {
        try core.writeScalar(value, key: key.stringValue, in: handle)
    }

    func encode(_ value: Int128, forKey key: Key) throws {
        try core.writeScalar(value, key: key.stringValue, in: handle)
    }

    func encode(_ value: UInt128, forKey key: Key) throws {
        try core.writeScalar(value, key: key.stringValue, in: handle)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        let place = core.addPlace(.map, key: key.stringValue, in: handle)
        return KeyedEncodingContainer(KeyedWriter<NestedKey>(core: core, handle: place))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        UnkeyedWriter(core: core, handle: core.addPlace(.list, key: key.stringValue, in: handle))
    }

    func superEncoder() -> any Encoder {
        WireEncoder(core: core, handle: core.addPlace(.slot, key: WireKey.super, in: handle))
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        WireEncoder(core: core, handle: core.addPlace(.slot, key: key.stringValue, in: handle))
    }
}
