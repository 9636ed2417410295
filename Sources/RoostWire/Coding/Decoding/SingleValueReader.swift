/// Reads a value that a type passes on whole.
struct SingleValueReader: SingleValueDecodingContainer {
    let decoder: WireDecoder

    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool {
        (try? decoder.core.passNil(at: decoder.offset, elementTag: decoder.elementTag)) ?? false
    }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        try decoder.core.value(
            T.self, at: decoder.offset, elementTag: decoder.elementTag, parent: decoder.parent,
            depth: decoder.depth + 1)
    }

    @inline(__always)
    func decode<Scalar: WireScalar>(_ type: Scalar.Type) throws -> Scalar {
        try decoder.core.scalar(
            Scalar.self, at: decoder.offset, elementTag: decoder.elementTag, parent: decoder.parent)
    }

    // Without these two, default implementations that throw would be used.
    func decode(_ type: Int128.Type) throws -> Int128 {
        try decoder.core.scalar(
            type, at: decoder.offset, elementTag: decoder.elementTag, parent: decoder.parent)
    }

    func decode(_ type: UInt128.Type) throws -> UInt128 {
        try decoder.core.scalar(
            type, at: decoder.offset, elementTag: decoder.elementTag, parent: decoder.parent)
    }
}
