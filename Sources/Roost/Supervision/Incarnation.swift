/// One life of the actor with some name, as ``ProcessActorSystem/lifecycle(of:)`` tells it.
///
/// ```swift
/// for await life in system.lifecycle(of: "packer-1") {
///     switch life.state {
///     case .running: print("number", life.number, "in process", life.processID ?? 0)
///     case .ended(let reason): print("number", life.number, reason)
///     }
/// }
/// ```
public struct Incarnation: Sendable, Hashable, Codable, CustomStringConvertible {
    /// How far it has come.
    public enum State: Sendable, Hashable, Codable {
        /// Its initialiser has finished: it takes messages.
        case running
        /// It is no more.
        case ended(ExitReason)
    }

    /// The actor's name.
    public var actor: String
    /// The actor's type.
    public var typeName: String
    /// Which incarnation of its actor, counted from 1; another actor with the same name begins anew.
    public var number: Int
    /// Its process id; nil for an actor in the node's own process, and when no process could be made.
    public var processID: Int32?
    /// How far it has come.
    public var state: State

    /// One line for a log.
    public var description: String {
        let process = processID.map { " [\($0)]" } ?? ""
        switch state {
        case .running: return "\(actor) (incarnation \(number))\(process) running"
        case .ended(let reason): return "\(actor) (incarnation \(number))\(process) \(reason)"
        }
    }
}

/// Tells one listener of the lives of a name.
///
/// The end of a life is told when its last message has been taken in, which can be after the next has begun.
typealias LifecycleFeed = NoticeFeed<String, Incarnation>
