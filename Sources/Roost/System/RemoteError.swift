internal import RoostWire

/// An error that was thrown in another process and could not be sent as a value.
///
/// An error that is `Codable` arrives as itself: `catch let error as MyError` works across processes.
/// Any other arrives as one of these, which says what it was.
public struct RemoteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of the error's type.
    public var typeName: String
    /// What the error said of itself.
    public var message: String

    /// Makes the description of an error of type `typeName`.
    public init(typeName: String, message: String) {
        self.typeName = typeName
        self.message = message
    }

    /// The type and the message.
    public var description: String { "\(typeName): \(message)" }
}

extension RemoteError {
    init(_ failure: RemoteFailure) {
        self.init(typeName: failure.typeName, message: failure.description)
    }

    init(describing error: any Error) {
        if let error = error as? RemoteError {
            self = error
        } else {
            self.init(typeName: _typeName(type(of: error), qualified: false), message: "\(error)")
        }
    }

    var failure: RemoteFailure { RemoteFailure(typeName: typeName, description: message) }
}
