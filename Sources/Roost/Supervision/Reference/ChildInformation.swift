/// A child of a supervisor at a moment.
public struct ChildInformation: Sendable, Hashable, Codable {
    /// Where a child is in its life.
    public enum State: Sendable, Hashable, Codable {
        /// Its process or its own children are being started.
        case starting
        /// It takes messages.
        case running
        /// It ended and will be started again.
        case restarting
        /// It was asked to stop.
        case stopping
        /// It is specified and not there: it was stopped, ended by itself, or is not needed.
        case absent
    }

    /// Its name.
    public var name: String
    /// The actor's type; empty for a supervisor.
    public var typeName: String
    /// Whether it is a supervisor.
    public var isSupervisor: Bool
    /// Where it is in its life.
    public var state: State
    /// When it is started again.
    public var restart: Restart
    /// Its process id; nil for supervisors, and while there is no process.
    public var processID: Int32?
    /// How often it was restarted because it had ended by itself.
    public var restarts: Int
}

/// How many children a supervisor has.
public struct ChildCounts: Sendable, Hashable {
    /// All that are specified, running or not.
    public var specified: Int
    /// Those that are running, starting or stopping.
    public var active: Int
    /// Those that wait for their next incarnation.
    public var restarting: Int
    /// Those that are supervisors.
    public var supervisors: Int
    /// Those that are actors.
    public var actors: Int { specified - supervisors }

    init(_ children: [ChildInformation]) {
        specified = children.count
        active = children.count { $0.state != .absent && $0.state != .restarting }
        restarting = children.count { $0.state == .restarting }
        supervisors = children.count(where: \.isSupervisor)
    }
}
