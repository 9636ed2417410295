/// Which children are restarted when one of them ends.
///
/// The words are OTP's.
public enum SupervisorStrategy: Hashable, Sendable, Codable, CaseIterable {
    /// The one that ended.
    case oneForOne
    /// All of them: those that are left are stopped, in reverse order, and all started again.
    case oneForAll
    /// The one that ended and those that were started after it.
    case restForOne
}

/// Whether a supervisor shuts itself down when significant children have ended.
public enum AutoShutdown: Hashable, Sendable, Codable, CaseIterable {
    /// It does not; no child may be significant.
    case never
    /// When one of them has ended and is not restarted.
    case anySignificant
    /// When the last of them has ended and is not restarted.
    case allSignificant
}

/// What a supervisor goes by.
struct SupervisorRules: Equatable, Sendable, Codable {
    var strategy = SupervisorStrategy.oneForOne
    var intensity = RestartIntensity()
    var backoff = Backoff()
    var autoShutdown = AutoShutdown.never
    /// Children of one kind, started at run time; not kept once they have ended.
    var isDynamic = false
}

/// What a supervisor goes by for one child.
struct ChildRules: Equatable, Sendable, Codable {
    var name: String
    var restart = Restart.permanent
    var isSignificant = false
    /// Nil for the supervisor's.
    var backoff: Backoff?
}
