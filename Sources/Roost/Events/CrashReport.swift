/// What is known about an actor's incarnation that ended abnormally, and what becomes of the actor.
///
/// Published as ``SystemEvent/Kind/crashed(_:)``, and printed by the node on its standard error unless
/// ``SystemOptions/crashReports`` says otherwise:
///
/// ```text
/// roost: Parser "parser-7" crashed with SIGILL
///   process:      4711, incarnation 2, alive for 3.25 seconds
///   message:      parse(_:) from reader, number 17; 3 more waited
///   decision:     restarted after 0.01 seconds
///   its last words:
///     Parser/Parser.swift:12: Fatal error: Index out of range
///   backtrace:
///     Parser.field(_:of:) at Parser.swift:12
///     Parser.parse(_:) at Parser.swift:31
///     … and 14 more of the runtime
/// ```
/// The backtrace is in it on request, with ``SystemOptions/backtraces``.
///
/// The idea is that of OTP's crash reports. The ends `.normal` and `.shutdown` are no crashes, and neither
/// is an initialiser that throws when an actor is first started: that error is thrown to whoever starts it.
public struct CrashReport: Sendable, Hashable, CustomStringConvertible {
    /// When reports are printed.
    public enum Printing: Sendable, Hashable {
        /// The node prints them on its standard error.
        case print
        /// Nobody prints them; the events tell them all the same.
        case silent
    }

    /// What becomes of the actor.
    ///
    /// More may be added: keep a default in a `switch`.
    public enum Decision: Sendable, Hashable {
        /// The next incarnation is started after this time.
        case restart(after: Duration)
        /// It stays dead, as its restart type says or because it was being stopped.
        case staysDead
        /// It stays dead, because it was restarted too often.
        case gaveUp
        /// It never took a message: starting it has failed.
        case startFailed
    }

    /// The message under way when the process crashed.
    public struct Message: Sendable, Hashable {
        /// The method it called.
        public var target: String
        /// The name of the actor that sent it; nil when it was not sent while serving a message.
        public var sender: String?
        /// How many messages the incarnation had begun, this one included.
        public var count: Int
    }

    /// The actor's name.
    public var actor: String
    /// The actor's type.
    public var typeName: String
    /// The names of the supervisors above the actor, outermost first; empty without any.
    public var supervisorPath: [String] = []
    /// The process id; nil when no process could be made, or the actor lived in the node's.
    public var processID: Int32?
    /// Which incarnation ended, counted from 1.
    public var incarnation: Int
    /// Why it ended.
    public var reason: ExitReason
    /// How long there was a process, from the decision to start it.
    public var timeAlive: Duration
    /// The message under way; nil when there was none, or when nobody can know, as after SIGKILL.
    public var message: Message?
    /// How many messages waited behind it; nil when nobody can know.
    public var mailboxDepth: Int?
    /// The last lines that the process wrote to its standard error, 20 lines and 8 KiB at most.
    ///
    /// Empty with ``WorkerOutput/inherited``.
    public var lastErrors: [String]
    /// Where it crashed, with ``SystemOptions/backtraces``; nil after an end that was not its own doing, like
    /// SIGKILL or an exit, and when none could be made.
    public var backtrace: Backtrace?
    /// Why there is no backtrace, when one was to be made.
    public var missingBacktrace: String?
    /// What becomes of the actor.
    public var decision: Decision

    /// Several lines for a log.
    public var description: String {
        var lines = ["roost: \(typeName) \"\(actor)\" \(reason)"]
        func add(_ name: String, _ text: String) {
            lines.append("  \(name):" + String(repeating: " ", count: max(1, 13 - name.count)) + text)
        }
        let process = processID.map { "\($0), " } ?? ""
        add("process", "\(process)incarnation \(incarnation), alive for \(Self.rounded(timeAlive))")
        if !supervisorPath.isEmpty { add("supervisors", supervisorPath.joined(separator: " / ")) }
        if let message { add("message", Self.text(message, waiting: mailboxDepth)) }
        add("decision", decision.description)
        if let missingBacktrace { add("backtrace", "none: \(missingBacktrace)") }
        if !lastErrors.isEmpty { lines.append("  its last words:") }
        lines += lastErrors.map { "    \($0)" }
        if let backtrace { lines += ["  backtrace:"] + backtrace.summary.map { "    \($0)" } }
        return lines.joined(separator: "\n")
    }

    private static func text(_ message: Message, waiting: Int?) -> String {
        let sender = message.sender.map { " from \($0)" } ?? ""
        let behind = waiting.map { "; \($0) more waited" } ?? ""
        return "\(message.target)\(sender), number \(message.count)\(behind)"
    }

    fileprivate static func rounded(_ duration: Duration) -> Duration {
        .milliseconds(Int(duration / .milliseconds(1)))
    }
}

extension CrashReport.Decision: CustomStringConvertible {
    /// A phrase for a log.
    public var description: String {
        switch self {
        case .restart(after: .zero): "restarted at once"
        case .restart(let delay): "restarted after \(CrashReport.rounded(delay))"
        case .staysDead: "stays dead"
        case .gaveUp: "stays dead: it was restarted too often"
        case .startFailed: "the start has failed"
        }
    }
}
