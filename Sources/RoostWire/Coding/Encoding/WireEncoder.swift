/// The `Encoder` that types see: a place for one value.
struct WireEncoder: Encoder {
    let core: EncoderCore
    let handle: FrameHandle

    var codingPath: [any CodingKey] { core.path(to: handle.index) }
    var userInfo: [CodingUserInfoKey: Any] { core.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedWriter<Key>(core: core, handle: core.openContainer(.map, in: handle)))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        UnkeyedWriter(core: core, handle: core.openContainer(.list, in: handle))
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleValueWriter(core: core, handle: handle)
    }
}

extension WireEncoder: AttachingEncoder {
    func attach(_ object: Attachment) throws -> Int? {
        try core.check(handle)
        return try core.writer.attach(object)
    }
}
