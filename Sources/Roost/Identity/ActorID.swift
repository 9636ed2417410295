internal import RoostWire
internal import Synchronization

/// Which actor a reference means.
///
/// A spawned actor's identity names the actor, not one incarnation of it: it stays the same across
/// restarts. An actor made locally, with its own initialiser, ends with the process that made it.
/// Identities are `Codable`, so references are too: send them in messages.
public struct ActorID: Hashable, Sendable, Codable, CustomStringConvertible {
    let address: ActorAddress
    /// How a message sent through the reference with this identity leaves.
    ///
    /// Not part of the identity.
    let mode: SendMode

    init(_ address: ActorAddress, mode: SendMode = .call) {
        self.address = address
        self.mode = mode
    }

    func sending(_ mode: SendMode) -> ActorID { ActorID(address, mode: mode) }

    /// The actor's name: given to `spawn`, or made from its type and number.
    public var name: String { address.name }

    /// The name, and the number that tells apart actors that had the same name after each other.
    public var description: String { "\(address.name)\(address.key)" }

    /// Whether two identities mean the same actor of the same system.
    public static func == (a: ActorID, b: ActorID) -> Bool {
        a.address === b.address || (a.address.key == b.address.key && a.address.system == b.address.system)
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(address.system)
        hasher.combine(address.key)
    }

    /// Writes the identity: 24 bytes and the name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(address.system)
        try container.encode(address.key.owner)
        try container.encode(address.key.number)
        try container.encode(address.name)
    }

    /// Reads an identity; `resolve` makes a reference of it.
    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let system = try container.decode(UInt64.self)
        let owner = try container.decode(UInt64.self)
        let number = try container.decode(UInt64.self)
        let name = try container.decode(String.self)
        address = ActorAddress(system: system, key: ActorKey(owner: owner, number: number), name: name)
        mode = .call
    }
}

/// How a message leaves: as a call that is answered, or one-way, and until when.
struct SendMode: Sendable {
    var isOneWay = false
    var deadline: UInt64?

    static let call = SendMode()
    static let oneWay = SendMode(isOneWay: true)
}

/// What an identity refers to, with the way there once it is known in this process.
final class ActorAddress: Sendable {
    let system: UInt64
    let key: ActorKey
    let name: String
    private let route = Mutex<Route?>(nil)

    init(system: UInt64, key: ActorKey, name: String) {
        self.system = system
        self.key = key
        self.name = name
    }

    /// The way to the actor; nil for an identity that no system has resolved.
    var boundRoute: Route? { route.withLock { $0 } }

    func bind(_ route: Route) {
        self.route.withLock { if $0 == nil { $0 = route } }
    }
}
