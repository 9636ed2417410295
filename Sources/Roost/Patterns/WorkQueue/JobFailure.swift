/// Why a job that a consumer had begun did not come to its end.
public struct JobFailure: Sendable, Hashable, Codable, CustomStringConvertible {
    /// What became of it.
    public enum Cause: Sendable, Hashable, Codable {
        /// The consumer's process ended.
        case ended(ExitReason)
        /// The consumer rejected it, for a reason of its own.
        case rejected(String)
        /// The consumer forgot it: neither acknowledged nor rejected.
        case abandoned
        /// It could not be sent to the consumer.
        case unsendable(String)
    }

    /// The consumer: an actor's name, or a description of its process.
    public var consumer: String
    /// What became of it.
    public var cause: Cause

    /// Makes a report; the queue does, and tests may.
    public init(consumer: String, cause: Cause) {
        self.consumer = consumer
        self.cause = cause
    }

    /// Who and why, in one line.
    public var description: String {
        switch cause {
        case .ended(let reason): "\(consumer) \(reason)"
        case .rejected(let reason): "\(consumer) rejected it: \(reason)"
        case .abandoned: "\(consumer) neither acknowledged nor rejected it"
        case .unsendable(let reason): "it cannot be sent to \(consumer): \(reason)"
        }
    }
}
