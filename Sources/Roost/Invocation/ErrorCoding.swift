internal import RoostWire

/// Errors that methods throw, on their way to the caller.
enum ErrorCoding {
    /// What is sent of an error: its value too when it is `Codable`.
    static func failure(
        from error: any Error, userInfo: UserInfo
    ) -> RemoteFailure {
        let description = RemoteError(describing: error)
        var failure = description.failure
        if !(error is RemoteError), let codable = error as? any (Error & Codable) {
            failure.value = encoded(codable, userInfo: userInfo)
        }
        return failure
    }

    private static func encoded<E: Error & Codable>(
        _ error: E, userInfo: UserInfo
    ) -> RemoteFailure.EncodedValue? {
        guard let name = _mangledTypeName(E.self),
            let bytes = try? WireCoding.bytes(of: error, userInfo: userInfo)
        else { return nil }
        return RemoteFailure.EncodedValue(mangledType: name, bytes: bytes)
    }

    /// The error to throw at the caller: the very one if it can be rebuilt here, its description otherwise.
    static func error(from failure: RemoteFailure, userInfo: UserInfo) -> any Error {
        // Only types that are errors are ever rebuilt: the other side cannot have others made here.
        if let value = failure.value,
            let type = WireName.type(value.mangledType) as? any (Error & Codable).Type,
            let error = try? decoded(type, value.bytes, userInfo)
        {
            return error
        }
        return RemoteError(failure)
    }

    private static func decoded<E: Error & Codable>(
        _ type: E.Type, _ bytes: [UInt8], _ userInfo: UserInfo
    ) throws -> any Error {
        try WireCoding.value(type, of: bytes, userInfo: userInfo)
    }
}
