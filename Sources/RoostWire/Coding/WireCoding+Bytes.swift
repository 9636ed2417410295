extension WireCoding {
    /// A value as bytes of its own.
    ///
    /// What `encode(to:)` throws is thrown unchanged.
    package static func bytes<T: Encodable>(
        of value: T, userInfo: [CodingUserInfoKey: any Sendable] = .init()
    ) throws -> [UInt8] {
        let writer = ByteWriter()
        try encode(value, into: writer, userInfo: userInfo)
        return unsafe Array(writer.bytes)
    }

    /// The value that bytes begin with; what follows it is not looked at.
    package static func value<T: Decodable>(
        _ type: T.Type, of bytes: [UInt8], userInfo: [CodingUserInfoKey: any Sendable] = .init(),
        attachments: [Attachment] = []
    ) throws -> T {
        try unsafe bytes.withUnsafeBytes { bytes in
            var reader = unsafe ByteReader(bytes)
            return try decode(T.self, from: &reader, userInfo: userInfo, attachments: attachments)
        }
    }
}
