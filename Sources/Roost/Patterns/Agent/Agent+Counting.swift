internal import Distributed

/// Counting: what is added is added where the number is, so nothing is lost however many count.
extension Agent where State: FixedWidthInteger {
    /// Adds to the number; returns the sum.
    ///
    /// - Throws: ``AgentError`` with `.overflow`, after which the number is as it was; ``RemoteCallError``.
    @discardableResult
    public nonisolated(nonsending) func increment(by amount: State = 1) async throws -> State {
        try await update(Increment(by: amount))
    }

    /// Subtracts from the number; returns the difference.
    ///
    /// - Throws: ``AgentError`` with `.overflow`, after which the number is as it was; ``RemoteCallError``.
    @discardableResult
    public nonisolated(nonsending) func decrement(by amount: State = 1) async throws -> State {
        try await update(Subtraction(amount: amount))
    }

    /// Adds to the number one-way: returns when that is accepted; see ``post(_:)``.
    public nonisolated(nonsending) func postIncrement(by amount: State = 1) async throws {
        try await post(Increment(by: amount))
    }

    /// Sets the number to one that may be of a wider type.
    ///
    /// - Throws: ``AgentError`` with `.overflow` when it does not fit, and nothing is sent; ``RemoteCallError``.
    public nonisolated(nonsending) func set(exactly number: some BinaryInteger) async throws {
        try await set(State(fitting: number, in: id.name))
    }
}

extension FixedWidthInteger {
    /// The number in this type.
    init(fitting number: some BinaryInteger, in agent: String) throws {
        guard let fitting = Self(exactly: number) else {
            var error = AgentError.overflow("\(number)", Self.self)
            error.agent = agent
            throw error
        }
        self = fitting
    }
}

/// Adds to a number; its result is the sum, and an ``AgentError`` with `.overflow` if that does not fit.
public struct Increment<Number: FixedWidthInteger & Codable & Sendable>: AgentUpdate {
    /// What is added.
    public var amount: Number

    /// Adds so much.
    public init(by amount: Number = 1) {
        self.amount = amount
    }

    // Without a key: it is sent a million times.

    /// Reads the amount.
    public init(from decoder: any Decoder) throws {
        amount = try decoder.singleValueContainer().decode(Number.self)
    }

    /// Writes the amount.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(amount)
    }

    /// Adds to the number.
    public func apply(to number: inout Number) throws -> Number {
        let (sum, overflows) = number.addingReportingOverflow(amount)
        if overflows { throw AgentError.overflow("\(number) + \(amount)", Number.self) }
        number = sum
        return sum
    }

    /// It throws before it changes anything.
    public static var keepsCopy: Bool { false }
}

struct Subtraction<Number: FixedWidthInteger & Codable & Sendable>: AgentUpdate {
    var amount: Number

    func apply(to number: inout Number) throws -> Number {
        let (difference, overflows) = number.subtractingReportingOverflow(amount)
        if overflows { throw AgentError.overflow("\(number) - \(amount)", Number.self) }
        number = difference
        return difference
    }

    static var keepsCopy: Bool { false }
}
