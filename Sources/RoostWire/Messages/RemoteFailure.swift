/// An error on its way to another process: its type and value when it is `Codable`, and its text always.
package struct RemoteFailure: Codable, Equatable, Sendable {
    /// The error type's name as people read it.
    package var typeName: String
    package var description: String
    /// The mangled type name and encoded value of a `Codable` error.
    package var value: EncodedValue?

    package struct EncodedValue: Codable, Equatable, Sendable {
        package var mangledType: String
        package var bytes: [UInt8]

        package init(mangledType: String, bytes: [UInt8]) {
            self.mangledType = mangledType
            self.bytes = bytes
        }
    }

    package init(typeName: String, description: String, value: EncodedValue? = nil) {
        self.typeName = typeName
        self.description = description
        self.value = value
    }
}

/// Why a message was not served, or did not finish.
package struct Refusal: Codable, Equatable, Sendable {
    package enum Reason: UInt8, Codable, Sendable {
        case unknownTarget
        case undecodable
        case unencodable
        case tooLarge
        case terminated
        case stopped
    }

    package var reason: Reason
    package var detail: String

    package init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }
}
