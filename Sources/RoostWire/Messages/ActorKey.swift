/// Which actor, in 16 bytes: what a reference says on the wire.
package struct ActorKey: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The process that made it, for actors made locally; 0 for spawned actors, which outlive processes.
    package var owner: UInt64
    /// Unique among spawned actors of a node, or among one process's own.
    package var number: UInt64

    package init(owner: UInt64, number: UInt64) {
        self.owner = owner
        self.number = number
    }

    package static func spawned(_ number: UInt64) -> ActorKey { ActorKey(owner: 0, number: number) }

    package var isSpawned: Bool { owner == 0 }

    package var description: String { isSpawned ? "#\(number)" : "#\(owner).\(number)" }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(owner)
        try container.encode(number)
    }

    package init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        owner = try container.decode(UInt64.self)
        number = try container.decode(UInt64.self)
    }
}
