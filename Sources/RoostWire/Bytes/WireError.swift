/// Why bytes could not be read, or a value could not be written.
///
/// It says what is wrong, at which byte, and inside which property, so that a log line is enough to find the
/// fault. Bytes from another process are never trusted, so this error is expected in operation: the
/// receiver drops the connection and goes on.
///
/// A value that is well formed but not what the reading type expects is a `DecodingError` instead.
public struct WireError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of fault it is; more kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// What is wrong, in a word or two.
        public let description: String

        /// The bytes end before the value does.
        public static let truncated = Code(description: "truncated")
        /// The bytes break the format.
        public static let malformed = Code(description: "malformed")
        /// Something is larger than a limit allows.
        public static let tooLarge = Code(description: "too large")
        /// Values are nested deeper than a limit allows.
        public static let tooDeep = Code(description: "too deep")
        /// The value ended and bytes are left.
        public static let trailingBytes = Code(description: "trailing bytes")
        /// The two sides share no protocol version.
        public static let unsupportedVersion = Code(description: "unsupported version")
        /// A type used its encoder or decoder in a way no value can represent.
        public static let misuse = Code(description: "misuse")
    }

    /// What is wrong.
    public let code: Code
    /// What exactly is wrong, for people.
    public let message: String
    /// The byte the fault is at, counted from where reading started; nil when no bytes are involved.
    public let offset: Int?
    /// The property the fault is in, such as `orders[3].price`; empty at the outermost value.
    public var path: String

    /// An error about the bytes at `offset`.
    public init(_ code: Code, _ message: String, offset: Int? = nil, path: String = "") {
        self.code = code
        self.message = message
        self.offset = offset
        self.path = path
    }

    /// Code, message, offset and path.
    public var description: String {
        let place = offset.map { " at byte \($0)" } ?? ""
        let property = path.isEmpty ? "" : " in \(path)"
        return "\(code)\(place)\(property): \(message)"
    }
}
