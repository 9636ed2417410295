/// What decides in an actor that many hold something of: who gets what, who waits, and what becomes of it when a
/// holder is gone.
///
/// A member is one process's session. Each of its requests has a number, and what it was given is known by it: a
/// request that is withdrawn waits no more, or gives back what it had got.
protocol SessionMachine: Sendable {
    associatedtype Request: Codable & Sendable
    associatedtype Reply: Codable & Sendable

    /// A member asks for something: the answer may come later.
    mutating func received(_ request: Request, _ place: SessionPlace) -> [SessionAnswer<Reply>]

    /// A member does not want any more what it asked for, or gives it back.
    mutating func withdrawn(_ place: SessionPlace) -> [SessionAnswer<Reply>]

    /// A member is gone, with all it had and waited for; `loss` says how, if it did not leave by itself.
    mutating func left(_ member: UInt64, _ loss: HolderLoss?) -> [SessionAnswer<Reply>]
}

/// A request: whose, and which of his.
struct SessionPlace: Hashable, Sendable {
    var member: UInt64
    var number: UInt64
}

/// What a member is told about a request of its own.
struct SessionAnswer<Reply: Sendable>: Sendable {
    var place: SessionPlace
    var outcome: Result<Reply, CoordinationError>

    init(_ place: SessionPlace, _ reply: Reply) {
        self.place = place
        outcome = .success(reply)
    }

    init(_ place: SessionPlace, _ error: CoordinationError) {
        self.place = place
        outcome = .failure(error)
    }
}

extension SessionAnswer: Equatable where Reply: Equatable {}

/// What a member sends.
enum SessionRequest<Request: Codable & Sendable>: Codable, Sendable {
    /// It is there: no other will open this mailbox.
    case hello
    case ask(UInt64, Request)
    case withdraw(UInt64)
}

/// What a member is sent.
enum SessionReply<Reply: Codable & Sendable>: Codable, Sendable {
    case answered(UInt64, Reply)
    case failed(UInt64, CoordinationError)
}
