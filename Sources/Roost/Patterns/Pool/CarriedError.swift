/// An error as part of a message: it arrives as itself when it is `Codable`, and as its description otherwise.
struct CarriedError: Sendable {
    let error: any Error

    init(_ error: any Error) { self.error = error }
}

extension CarriedError: Codable {
    private enum CodingKeys: String, CodingKey {
        case typeName = "t"
        case message = "m"
        case mangledType = "y"
        case value = "v"
        case call = "c"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        if let call = error as? RemoteCallError {
            return try container.encode(CarriedCallError(call), forKey: .call)
        }
        let description = RemoteError(describing: error)
        try container.encode(description.typeName, forKey: .typeName)
        try container.encode(description.message, forKey: .message)
        if !(error is RemoteError), let codable = error as? any (Error & Codable) {
            Self.encode(codable, to: &container)
        }
    }

    private static func encode<E: Error & Codable>(
        _ error: E, to container: inout KeyedEncodingContainer<CodingKeys>
    ) {
        guard let name = _mangledTypeName(E.self),
            // An error that cannot be encoded is told by its description.
            (try? container.encode(error, forKey: .value)) != nil
        else { return }
        try? container.encode(name, forKey: .mangledType)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let call = try container.decodeIfPresent(CarriedCallError.self, forKey: .call) {
            error = call.error
            return
        }
        let name = try container.decodeIfPresent(String.self, forKey: .mangledType)
        // Only types that are errors are ever rebuilt: the other side cannot have others made here.
        if let type = name.flatMap({ WireName.type($0) }) as? any (Error & Codable).Type,
            let decoded = Self.decoded(type, from: container)
        {
            error = decoded
            return
        }
        error = RemoteError(
            typeName: try container.decode(String.self, forKey: .typeName),
            message: try container.decode(String.self, forKey: .message))
    }

    private static func decoded<E: Error & Codable>(
        _ type: E.Type, from container: KeyedDecodingContainer<CodingKeys>
    ) -> (any Error)? {
        try? container.decode(type, forKey: .value)
    }
}

/// The error of a call that the pool itself made for its caller, which is another process.
private struct CarriedCallError: Codable {
    var code: String
    var actor: String
    var target: String
    var exitReason: ExitReason?
    var message: String

    init(_ error: RemoteCallError) {
        code = error.code.description
        actor = error.actor
        target = error.target
        exitReason = error.exitReason
        message = error.message
    }

    var error: RemoteCallError {
        RemoteCallError(
            RemoteCallError.Code(description: code), actor: actor, target: target, exitReason: exitReason,
            message: message)
    }
}
