/// Something that happened in a system, as ``ProcessActorSystem/events`` tells it.
public struct SystemEvent: Sendable, CustomStringConvertible {
    /// What happened.
    ///
    /// More may be added: keep a default in a `switch`.
    public enum Kind: Sendable, Hashable {
        /// A process was started for the actor.
        case spawned
        /// The actor's initialiser has finished: it takes messages.
        case ready
        /// The incarnation ended.
        case terminated(ExitReason)
        /// The incarnation ended abnormally; comes after its ``terminated(_:)``, and before what is decided
        /// in the report is done. With ``SystemOptions/backtraces`` nothing waits for it, and it comes when its
        /// backtrace is there.
        case crashed(CrashReport)
        /// The next incarnation will be started after `delay`.
        case restarting(after: Duration)
        /// The next incarnation is ready.
        case restarted
        /// The actor was restarted too often, and stays dead.
        case gaveUp(ExitReason)
        /// A message was lost.
        case deadLetter(DeadLetter)
        /// The zygote died and was replaced; no actor was harmed.
        case zygoteReplaced
    }

    /// What happened.
    public var kind: Kind
    /// The actor's name; empty for events of the system itself.
    public var actor: String
    /// Which incarnation, counted from 1; 0 for events of the system itself.
    public var incarnation: Int
    /// The process id, where there is one.
    public var processID: Int32?

    /// One line for a log; several for a crash.
    public var description: String {
        let who = actor.isEmpty ? "system" : "\(actor) (incarnation \(incarnation))"
        let process = processID.map { " [\($0)]" } ?? ""
        switch kind {
        case .spawned: return "\(who)\(process) spawned"
        case .ready: return "\(who)\(process) ready"
        case .terminated(let reason): return "\(who)\(process) \(reason)"
        case .crashed(let report): return report.description
        case .restarting(let delay): return "\(who) restarts after \(delay)"
        case .restarted: return "\(who)\(process) restarted"
        case .gaveUp(let reason): return "\(who) is not restarted any more: it \(reason)"
        case .deadLetter(let letter): return "dead letter: \(letter)"
        case .zygoteReplaced: return "zygote replaced\(process)"
        }
    }
}
