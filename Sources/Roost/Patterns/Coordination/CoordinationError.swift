/// A ``Lease``, ``Permits``, ``Latch``, ``Barrier`` or ``Channel`` could not give what it was asked for.
public struct CoordinationError: Error, Hashable, Codable, Sendable, CustomStringConvertible {
    /// What kind of failure it was.
    ///
    /// More may be added: compare with `==`, and keep a default.
    public struct Code: Hashable, Codable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// It can never be given, because it is more than there is.
        public static let tooMany = Code(description: "tooMany")
        /// Somebody whose part it needed is gone: ``CoordinationError/loss`` says who.
        public static let broken = Code(description: "broken")
        /// As many parties have joined a barrier as it is for.
        public static let full = Code(description: "full")
        /// The end of a channel is in use already.
        public static let taken = Code(description: "taken")
        /// The party has left its barrier, or waits at it already.
        public static let notAParty = Code(description: "notAParty")
    }

    /// What kind of failure it was.
    public var code: Code
    /// Who is gone, when the code is `.broken`.
    public var loss: HolderLoss?
    /// What went wrong, in words.
    public var message: String

    /// Makes an error; the runtime does, and tests may.
    public init(_ code: Code, loss: HolderLoss? = nil, message: String) {
        self.code = code
        self.loss = loss
        self.message = message
    }

    /// What, who and why, in one line.
    public var description: String {
        loss.map { "\(code): \(message): \($0)" } ?? "\(code): \(message)"
    }
}

/// A holder that ended without giving back what it had.
public struct HolderLoss: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The actor's name, or a description of its process.
    public var name: String
    /// Why it ended, or `.unknown` if it is there and sent what cannot be read.
    public var reason: ExitReason

    /// Makes a loss; the runtime does, and tests may.
    public init(name: String, reason: ExitReason) {
        self.name = name
        self.reason = reason
    }

    init(_ loss: SenderLoss) {
        name = loss.senderName
        reason = if case .ended(let reason) = loss.cause { reason } else { .unknown }
    }

    /// Who and why, in one line.
    public var description: String { "\(name) \(reason)" }
}
