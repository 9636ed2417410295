/// What an agent answers: of the type that its caller waits for, and of which nobody else knows.
struct AgentReply: Codable, Sendable {
    /// The type of the answer that is waited for in this task.
    @TaskLocal private static var expected: any AgentAnswer.Type = NoAnswer.self

    private let answer: any AgentAnswer

    /// An answer; none if the result is not `Codable`, which `Void` is not.
    init<Result: Sendable>(_ result: Result) {
        answer = (Result.self as? any Codable.Type).flatMap { Self.answer(result, as: $0) } ?? NoAnswer()
    }

    init(from decoder: any Decoder) throws {
        answer = try Self.expected.init(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
        try answer.encode(to: encoder)
    }

    private static func answer<T: Codable>(_ result: Any, as type: T.Type) -> (any AgentAnswer)? {
        (result as? T).map { Answer(value: $0) }
    }

    /// Makes a call that is answered with a result of this type.
    nonisolated(nonsending) static func result<Result: Codable & Sendable>(
        _ type: Result.Type, of call: nonisolated(nonsending) () async throws -> AgentReply
    ) async throws -> Result {
        let reply = try await $expected.withValue(Answer<Result>.self) { try await call() }
        guard let answer = reply.answer as? Answer<Result> else {
            throw AgentError(.foreign, "the answer is not a \(Result.self)")
        }
        return answer.value
    }
}

private protocol AgentAnswer: Codable, Sendable {}

private struct NoAnswer: AgentAnswer {
    init() {}

    init(from decoder: any Decoder) throws {}

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encodeNil()
    }
}

// @unchecked: results of updates and queries are `Sendable`, which cannot be asked of a type at run time.
private struct Answer<Value: Codable>: AgentAnswer, @unchecked Sendable {
    let value: Value

    init(value: Value) {
        self.value = value
    }

    init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(Value.self)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}
