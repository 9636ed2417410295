/// Which state of an ``Agent``: of which incarnation, and after how many updates.
///
/// Versions of one agent are in order. The next incarnation begins anew from the initial state, with no updates.
public struct AgentVersion: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// Which incarnation of the agent, counted from 1.
    public var incarnation: Int
    /// How many updates that incarnation had applied.
    public var updates: Int

    /// Makes a version; agents do, and tests may.
    public init(incarnation: Int, updates: Int) {
        self.incarnation = incarnation
        self.updates = updates
    }

    /// Whether `a` was before `b`.
    public static func < (a: Self, b: Self) -> Bool {
        (a.incarnation, a.updates) < (b.incarnation, b.updates)
    }

    /// Both numbers: `2.17` is after 17 updates of the second incarnation.
    public var description: String { "\(incarnation).\(updates)" }
}

/// A state of an ``Agent``, or what a query read of it, and which one it was.
public struct AgentSnapshot<Value: Codable & Sendable>: Sendable, Codable {
    /// The state, or what was read of it.
    public var value: Value
    /// Which state it was.
    public var version: AgentVersion
    /// Whether the agent was started anew since the snapshot before in the same ``AgentChanges``.
    ///
    /// The state before is gone then: this one began from the initial state.
    public internal(set) var isNew: Bool

    /// Makes a snapshot; agents do, and tests may.
    public init(_ value: Value, version: AgentVersion, isNew: Bool = false) {
        self.value = value
        self.version = version
        self.isNew = isNew
    }
}

extension AgentSnapshot: Equatable where Value: Equatable {}

/// How an ``Agent`` is.
public struct AgentStatus: Hashable, Sendable, Codable {
    /// Which incarnation it is, and how many updates it has applied.
    public var version: AgentVersion
    /// How many sequences of changes are being read.
    public var watchers: Int

    /// Makes a status; agents do, and tests may.
    public init(version: AgentVersion, watchers: Int) {
        self.version = version
        self.watchers = watchers
    }
}
