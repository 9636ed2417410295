/// Which actor, in 16 bytes: what a reference says on the wire.
public struct ActorKey: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The process that made it, for actors made locally; 0 for spawned actors, which outlive processes.
    public var owner: UInt64
    /// Unique among spawned actors of a node, or among one process's own.
    public var number: UInt64

    /// The key of the actor with this number in this process.
    public init(owner: UInt64, number: UInt64) {
        self.owner = owner
        self.number = number
    }

    /// The key of a spawned actor.
    public static func spawned(_ number: UInt64) -> ActorKey { ActorKey(owner: 0, number: number) }

    /// Whether the actor was spawned, and so outlives its processes.
    public var isSpawned: Bool { owner == 0 }

    /// Short, for messages to people.
    public var description: String { isSpawned ? "#\(number)" : "#\(owner).\(number)" }

    /// Writes owner and number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(owner)
        try container.encode(number)
    }

    /// Reads owner and number.
    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        owner = try container.decode(UInt64.self)
        number = try container.decode(UInt64.self)
    }
}
