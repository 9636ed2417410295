/// The `Decoder` that types see: where one value is.
///
/// Its fields fit the three words that an existential has room for, so that handing it out allocates nothing.
struct WireDecoder: Decoder {
    let core: DecoderCore
    private let start: UInt32
    private let parentIndex: Int32
    private let parentSerial: UInt32
    private let shortDepth: UInt16
    /// The tag, for an element of a packed list; 0 when the tag is in the bytes.
    let elementTag: UInt8

    init(core: DecoderCore, offset: Int, elementTag: UInt8, parent: FrameHandle, depth: Int) {
        self.core = core
        // Inputs are limited to 2 GiB, and depths to 32,768.
        start = UInt32(offset)
        self.elementTag = elementTag
        parentIndex = parent.index
        parentSerial = parent.serial
        shortDepth = UInt16(depth)
    }

    var offset: Int { Int(start) }
    var depth: Int { Int(shortDepth) }
    var parent: FrameHandle { FrameHandle(index: parentIndex, serial: parentSerial) }

    var codingPath: [any CodingKey] { core.path(inside: parent) }
    var userInfo: [CodingUserInfoKey: Any] { core.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(KeyedReader<Key>(core: core, handle: try open(isMap: true)))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        UnkeyedReader(core: core, handle: try open(isMap: false))
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        SingleValueReader(decoder: self)
    }

    private func open(isMap: Bool) throws -> FrameHandle {
        try core.open(isMap: isMap, at: offset, elementTag: elementTag, parent: parent, depth: depth)
    }
}

extension WireDecoder: DetachingDecoder {
    var attachments: [Attachment] { core.attachments }
}
