/// An update of any type, on its way to an agent: the type's name, and the value.
struct AgentUpdateMessage: Codable, Sendable {
    let update: any AgentUpdate

    init(_ update: any AgentUpdate) {
        self.update = update
    }

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let name = try container.decode(String.self)
        guard let type = SentTypes.type(named: name) as? any AgentUpdate.Type else {
            throw container.isNone(name, of: "update")
        }
        update = try Self.decode(type, from: &container)
    }

    func encode(to encoder: any Encoder) throws {
        try encoder.write(update)
    }

    private static func decode<U: AgentUpdate>(
        _ type: U.Type, from container: inout any UnkeyedDecodingContainer
    ) throws -> any AgentUpdate {
        try container.decode(U.self)
    }
}

/// A query of any type, on its way to an agent: the type's name, and the value.
struct AgentQueryMessage: Codable, Sendable {
    let query: any AgentQuery

    init(_ query: any AgentQuery) {
        self.query = query
    }

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let name = try container.decode(String.self)
        guard let type = SentTypes.type(named: name) as? any AgentQuery.Type else {
            throw container.isNone(name, of: "query")
        }
        query = try Self.decode(type, from: &container)
    }

    func encode(to encoder: any Encoder) throws {
        try encoder.write(query)
    }

    private static func decode<Q: AgentQuery>(
        _ type: Q.Type, from container: inout any UnkeyedDecodingContainer
    ) throws -> any AgentQuery {
        try container.decode(Q.self)
    }
}

extension Encoder {
    fileprivate func write<T: Encodable>(_ value: T) throws {
        guard let name = SentTypes.name(of: T.self) else {
            throw EncodingError.invalidValue(
                value,
                EncodingError.Context(
                    codingPath: codingPath,
                    debugDescription:
                        "another process cannot find the type \(T.self) by its name; declare it at "
                        + "file scope or inside another type, and not private"))
        }
        var container = unkeyedContainer()
        try container.encode(name)
        try container.encode(value)
    }
}

extension UnkeyedDecodingContainer {
    fileprivate func isNone(_ name: String, of what: String) -> DecodingError {
        DecodingError.dataCorrupted(
            DecodingError.Context(
                codingPath: codingPath, debugDescription: "\(name) is not the name of an agent's \(what)"))
    }
}
