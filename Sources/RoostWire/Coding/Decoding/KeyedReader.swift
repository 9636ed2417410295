/// Reads the entries of a map by key, in any order.
struct KeyedReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let core: DecoderCore
    let handle: FrameHandle

    var codingPath: [any CodingKey] { core.path(to: handle) }

    var allKeys: [Key] {
        var all: [Key] = []
        guard let frame = try? core.frame(handle), let strings = try? core.allKeys(of: frame) else {
            return all
        }
        for string in strings {
            if let key = Key(stringValue: string) ?? Int(string).flatMap({ Key(intValue: $0) }) {
                all.append(key)
            }
        }
        return all
    }

    func contains(_ key: Key) -> Bool {
        guard let frame = try? core.frame(handle) else { return false }
        return (try? core.find(key.stringValue, in: frame)) != nil
    }

    func decodeNil(forKey key: Key) throws -> Bool {
        let frame = try core.frame(handle)
        let entry = try find(key, in: frame)
        return try isNil(entry, in: frame)
    }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        let frame = try core.frame(handle)
        return try value(T.self, of: try find(key, in: frame), in: frame)
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        let frame = try core.frame(handle)
        guard let entry = try core.find(key.stringValue, in: frame), try !isNil(entry, in: frame) else {
            return nil
        }
        return try value(T.self, of: entry, in: frame)
    }

    @inline(__always)
    func decode<Scalar: WireScalar>(_ type: Scalar.Type, forKey key: Key) throws -> Scalar {
        try scalar(Scalar.self, key)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        let frame = try core.frame(handle)
        let nested = try core.openNested(isMap: true, try find(key, in: frame), in: frame)
        return KeyedDecodingContainer(KeyedReader<NestedKey>(core: core, handle: nested))
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        let frame = try core.frame(handle)
        return UnkeyedReader(
            core: core, handle: try core.openNested(isMap: false, try find(key, in: frame), in: frame))
    }

    func superDecoder() throws -> any Decoder {
        let frame = try core.frame(handle)
        guard let entry = try core.find(WireKey.super, in: frame) else {
            throw keyNotFound(WireKey(stringValue: WireKey.super))
        }
        return core.decoder(entry, in: frame)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        let frame = try core.frame(handle)
        return core.decoder(try find(key, in: frame), in: frame)
    }

    @inline(__always)
    private func find(_ key: Key, in frame: Int) throws -> FoundEntry {
        guard let entry = try core.find(key.stringValue, in: frame) else { throw keyNotFound(key) }
        return entry
    }

    @inline(__always)
    private func value<T: Decodable>(_ type: T.Type, of entry: FoundEntry, in frame: Int) throws -> T {
        let value = try core.value(
            T.self, at: entry.value, elementTag: 0, parent: handle, depth: unsafe core.frames[frame].depth + 1
        )
        core.pass(entry, in: frame)
        return value
    }

    @inline(__always)
    func scalar<Scalar: WireScalar>(_ type: Scalar.Type, _ key: Key) throws -> Scalar {
        let frame = try core.frame(handle)
        let entry = try find(key, in: frame)
        let value = try core.scalar(Scalar.self, at: entry.value, elementTag: 0, parent: handle)
        core.pass(entry, in: frame)
        return value
    }

    @inline(__always)
    func scalarIfPresent<Scalar: WireScalar>(_ type: Scalar.Type, _ key: Key) throws -> Scalar? {
        let frame = try core.frame(handle)
        guard let entry = try core.find(key.stringValue, in: frame), try !isNil(entry, in: frame) else {
            return nil
        }
        let value = try core.scalar(Scalar.self, at: entry.value, elementTag: 0, parent: handle)
        core.pass(entry, in: frame)
        return value
    }

    @inline(__always)
    private func isNil(_ entry: FoundEntry, in frame: Int) throws -> Bool {
        do {
            guard try core.passNil(at: entry.value, elementTag: 0) else { return false }
        } catch {
            throw core.located(error, Never.self, handle)
        }
        core.pass(entry, in: frame)
        return true
    }

    @inline(never)
    private func keyNotFound(_ key: any CodingKey) -> DecodingError {
        .keyNotFound(
            key,
            DecodingError.Context(
                codingPath: codingPath, debugDescription: "there is no key \(key.stringValue)"))
    }
}
