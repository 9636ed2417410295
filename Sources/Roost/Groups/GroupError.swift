/// Something asked of a group that it could not do.
public struct GroupError: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// What kind of failure it was.
    ///
    /// More may be added: compare with `==`, and keep a default.
    public struct Code: Hashable, Sendable, Codable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// The group of this name is one of another type of actors.
        public static let wrongType = Code(description: "wrongType")
        /// The actor that was to join is gone for good.
        public static let memberEnded = Code(description: "memberEnded")
        /// The group belongs to another system, which may have ended.
        public static let otherSystem = Code(description: "otherSystem")
    }

    /// What kind of failure it was.
    public var code: Code
    /// The group's name.
    public var group: String
    /// What went wrong, in words.
    public var message: String

    /// Makes an error; the runtime does, and tests may.
    public init(_ code: Code, group: String, message: String) {
        self.code = code
        self.group = group
        self.message = message
    }

    /// Where, what and why, in one line.
    public var description: String { "group \"\(group)\": \(code): \(message)" }
}
