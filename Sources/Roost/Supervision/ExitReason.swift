internal import RoostWire

/// Why an actor ended.
///
/// Every end has one reason, told to watchers, to callers whose calls it interrupted, and in events.
/// The vocabulary is OTP's, with what processes add to it.
public enum ExitReason: Hashable, Sendable, CustomStringConvertible {
    /// It ended itself with `context.stop()`.
    case normal
    /// It was asked to stop, by `stop` or because its system shut down.
    case shutdown
    /// It ended itself with `context.fail(_:)`, or its initialiser threw this error.
    case failed(RemoteError)
    /// A signal ended its process, from a fault or from outside; 9 is SIGKILL.
    case crashed(signal: Int32)
    /// Its process exited by itself; an `exit(0)` nobody asked for is one of these too.
    case exited(code: Int32)
    /// Roost killed its process.
    case killed(by: Killer)
    /// It ended, and nobody could say why in time.
    case unknown

    /// What had a process killed.
    public enum Killer: UInt8, Hashable, Sendable, CustomStringConvertible {
        /// `kill` was called.
        case user
        /// It did not end within the time it had to shut down, which may have been none.
        case shutdownTimeout
        /// It made no progress on a message.
        case watchdog
        /// Its process was stopped (SIGSTOP) and not continued.
        case stopped
        /// It used more memory than it may.
        case memoryLimit
        /// It sent bytes that no worker sends.
        case protocolViolation
        /// It did not become ready in time.
        case startTimeout

        /// The name of the case.
        public var description: String {
            switch self {
            case .user: "user"
            case .shutdownTimeout: "shutdownTimeout"
            case .watchdog: "watchdog"
            case .stopped: "stopped"
            case .memoryLimit: "memoryLimit"
            case .protocolViolation: "protocolViolation"
            case .startTimeout: "startTimeout"
            }
        }
    }

    /// Whether a `.transient` actor is left alone after this end: `.normal` and `.shutdown`.
    public var isNormal: Bool {
        switch self {
        case .normal, .shutdown: true
        default: false
        }
    }

    /// A phrase that completes "it …", with signals by name.
    public var description: String {
        switch self {
        case .normal: "ended normally"
        case .shutdown: "was shut down"
        case .failed(let error): "failed: \(error)"
        case .crashed(let signal): "crashed with \(Self.name(ofSignal: signal))"
        case .exited(let code): "exited with code \(code)"
        case .killed(let killer): "was killed (\(killer))"
        case .unknown: "ended for an unknown reason"
        }
    }

    private static func name(ofSignal number: Int32) -> String {
        let names: [Int32: String] = [
            1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS",
            8: "SIGFPE", 9: "SIGKILL", 10: "SIGUSR1", 11: "SIGSEGV", 12: "SIGUSR2", 13: "SIGPIPE",
            14: "SIGALRM", 15: "SIGTERM", 24: "SIGXCPU", 25: "SIGXFSZ", 31: "SIGSYS",
        ]
        return names[number] ?? "signal \(number)"
    }
}

extension ExitReason: Codable {
    /// Reads a reason from its record.
    public init(from decoder: any Decoder) throws { self.init(try ExitRecord(from: decoder)) }

    /// Writes the reason as a record.
    public func encode(to encoder: any Encoder) throws { try record.encode(to: encoder) }
}

extension ExitReason {
    init(_ record: ExitRecord) {
        switch record {
        case .normal: self = .normal
        case .shutdown: self = .shutdown
        case .failed(let failure): self = .failed(RemoteError(failure))
        case .crashed(let signal): self = .crashed(signal: signal)
        case .exited(let code): self = .exited(code: code)
        case .killed(let killer): self = Killer(rawValue: killer).map { .killed(by: $0) } ?? .unknown
        case .unknown: self = .unknown
        }
    }

    var record: ExitRecord {
        switch self {
        case .normal: .normal
        case .shutdown: .shutdown
        case .failed(let error): .failed(error.failure)
        case .crashed(let signal): .crashed(signal: signal)
        case .exited(let code): .exited(code: code)
        case .killed(let killer): .killed(by: killer.rawValue)
        case .unknown: .unknown
        }
    }
}
