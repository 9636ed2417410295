internal import RoostWire

/// Errors that methods throw, on their way to the caller.
enum ErrorCoding {
    /// What is sent of an error: its value too when it is `Codable`.
    ///
    /// What the value attaches is attached to `message`, if there is one that takes it.
    static func failure(
        from error: any Error, userInfo: UserInfo, attachingTo message: ByteWriter? = nil
    ) -> RemoteFailure {
        let description = RemoteError(describing: error)
        var failure = description.failure
        if !(error is RemoteError), let codable = error as? any (Error & Codable) {
            failure.value = encoded(codable, userInfo: userInfo, attachingTo: message)
        }
        return failure
    }

    private static func encoded<E: Error & Codable>(
        _ error: E, userInfo: UserInfo, attachingTo message: ByteWriter?
    ) -> RemoteFailure.EncodedValue? {
        let writer = ByteWriter()
        writer.maximumAttachments = message?.maximumAttachments ?? 0
        guard let name = _mangledTypeName(E.self),
            (try? WireCoding.encode(error, into: writer, userInfo: userInfo)) != nil
        else { return nil }
        message?.attachments = writer.attachments
        return unsafe RemoteFailure.EncodedValue(mangledType: name, bytes: Array(writer.bytes))
    }

    /// The error to throw at the caller: the very one if it can be rebuilt here, its description otherwise.
    static func error(
        from failure: RemoteFailure, userInfo: UserInfo, attachments: [Attachment] = []
    ) -> any Error {
        // Only types that are errors are ever rebuilt: the other side cannot have others made here.
        if let value = failure.value,
            let type = WireName.type(value.mangledType) as? any (Error & Codable).Type,
            let error = try? decoded(type, value.bytes, userInfo, attachments)
        {
            return error
        }
        return RemoteError(failure)
    }

    private static func decoded<E: Error & Codable>(
        _ type: E.Type, _ bytes: [UInt8], _ userInfo: UserInfo, _ attachments: [Attachment]
    ) throws -> any Error {
        try WireCoding.value(type, of: bytes, userInfo: userInfo, attachments: attachments)
    }
}
