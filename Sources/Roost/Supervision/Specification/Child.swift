internal import RoostWire

/// An actor that a supervisor starts and keeps.
///
/// ```swift
/// Child(Checkout.self, named: "checkout", .init(currency: "EUR"), restart: .transient)
/// ```
/// Its name is unique in the node while it is there, and tells it from the other children of its supervisor.
public struct Child<Actor: ProcessActor>: Sendable {
    /// The actor's name, and the child's.
    public let name: String
    let arguments: Actor.Arguments
    let rules: ChildRules
    let options: SpawnOptions

    /// A child that is started with arguments, the same for all its incarnations.
    ///
    /// - Parameters:
    ///   - type: the actor's type, declared at file scope or inside another type.
    ///   - name: the actor's name.
    ///   - arguments: what its initialiser gets.
    ///   - restart: when it is started again; always by default.
    ///   - isSignificant: whether its end may shut its supervisor down; see ``AutoShutdown``.
    ///   - backoff: how its restarts are delayed; as its supervisor says if nil.
    ///   - whileRestarting: what becomes of messages between two incarnations; they wait by default.
    ///   - method: how its process is made; the system's way if nil.
    ///   - startLimit: how long it may take to become ready; the system's limit if nil.
    ///   - shutdown: how it is brought to its end; the system's way if nil.
    ///   - limits: how much of the machine its process may use.
    ///   - watchdog: how long it may compute without a pause before it is killed; for ever if nil.
    public init(
        _ type: Actor.Type, named name: String, _ arguments: Actor.Arguments,
        restart: Restart = .permanent, isSignificant: Bool = false, backoff: Backoff? = nil,
        whileRestarting: SpawnOptions.WhileRestarting = .wait,
        method: SystemOptions.SpawnMethod? = nil, startLimit: Duration? = nil,
        shutdown: ShutdownPolicy? = nil, limits: ResourceLimits = ResourceLimits(),
        watchdog: Duration? = nil
    ) {
        self.name = name
        self.arguments = arguments
        rules = ChildRules(name: name, restart: restart, isSignificant: isSignificant, backoff: backoff)
        options = SpawnOptions(
            restart: restart, whileRestarting: whileRestarting, method: method, startLimit: startLimit,
            shutdown: shutdown, limits: limits, watchdog: watchdog)
    }

    /// A child that takes no arguments.
    public init(
        _ type: Actor.Type, named name: String,
        restart: Restart = .permanent, isSignificant: Bool = false, backoff: Backoff? = nil,
        whileRestarting: SpawnOptions.WhileRestarting = .wait,
        method: SystemOptions.SpawnMethod? = nil, startLimit: Duration? = nil,
        shutdown: ShutdownPolicy? = nil, limits: ResourceLimits = ResourceLimits(),
        watchdog: Duration? = nil
    ) where Actor.Arguments == NoArguments {
        self.init(
            type, named: name, NoArguments(), restart: restart, isSignificant: isSignificant,
            backoff: backoff, whileRestarting: whileRestarting, method: method, startLimit: startLimit,
            shutdown: shutdown, limits: limits, watchdog: watchdog)
    }

    var draft: ChildDraft {
        ChildDraft(rules: rules, kind: .actor(ActorBlueprint(Actor.self, arguments), options))
    }
}

/// An actor's type and arguments, as another process needs them.
struct ActorBlueprint: Sendable {
    let typeName: String
    let mangledType: String?
    let delivery: DeliveryPolicy
    /// Nil for a type that no other process finds by its name.
    private let encodeArguments: @Sendable (UserInfo) throws -> [UInt8]

    init<A: ProcessActor>(_ type: A.Type, _ arguments: A.Arguments) {
        typeName = _typeName(type, qualified: false)
        mangledType = _mangledTypeName(type).flatMap { _typeByName($0) == type ? $0 : nil }
        delivery = A.delivery
        encodeArguments = { try WireCoding.bytes(of: arguments, userInfo: $0) }
    }

    /// What is sent to the new process.
    func specification(
        named name: String?, options: SpawnOptions, userInfo: UserInfo
    ) throws(SpawnError) -> ActorSpecification {
        func error(_ code: SpawnError.Code, _ text: String) -> SpawnError {
            SpawnError(code, actor: name ?? typeName, typeName: typeName, message: text)
        }
        guard let mangledType else {
            throw error(
                .typeNotRebuildable,
                "another process cannot find the type by its name; declare it at file scope, not in a function"
            )
        }
        let arguments: [UInt8]
        do {
            arguments = try encodeArguments(userInfo)
        } catch let failure {
            throw error(.invalidArguments, "the arguments cannot be encoded: \(failure)")
        }
        guard arguments.count <= Self.maximumArguments else {
            throw error(
                .invalidArguments,
                "the arguments take \(arguments.count) bytes, and \(Self.maximumArguments) are allowed")
        }
        return ActorSpecification(
            name: name, typeName: typeName, mangledType: mangledType, arguments: arguments, options: options,
            delivery: delivery)
    }

    /// They are kept for restarts, the contents of blobs included: 64 MiB.
    private static let maximumArguments = 64 << 20
}

/// What the node needs to start an actor, and to start it again.
struct ActorSpecification: Sendable, Codable {
    /// Nil for one made from the type.
    var name: String?
    var typeName: String
    var mangledType: String
    var arguments: [UInt8]
    var options: SpawnOptions
    var delivery: DeliveryPolicy
}
