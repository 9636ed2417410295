public import Distributed
internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// The system that spawned actors belong to: one node process, and a process for every spawned actor.
///
/// ```swift
/// try await ProcessActorSystem.run { system in
///     let greeter = try await system.spawn(Greeter.self, named: "greeter")
///     print(try await greeter.greet("world"))
/// }
/// ```
///
/// ``run(_:_:)`` stops everything on the way out. Programs that live longer than a function use
/// ``start(_:)-type.method`` and ``stop()``. When the node's process dies, however it dies, its workers die with it.
public final class ProcessActorSystem: DistributedActorSystem {
    /// Names actors; references are sent in messages as these.
    public typealias ActorID = Roost.ActorID
    /// Arguments and results are `Codable`.
    public typealias SerializationRequirement = any Codable

    let host: ActorHost
    /// The node of the system; nil in a worker.
    let node: Node?
    /// This process's way to the node; nil in the node.
    let worker: Worker?

    init(host: ActorHost, node: Node?, worker: Worker?) {
        self.host = host
        self.node = node
        self.worker = worker
        host.attach(self)
    }

    // MARK: Identities

    /// Makes a reference of an identity.
    ///
    /// Always one that goes through the mailbox, also in the same process.
    ///
    /// - Throws: ``RemoteCallError`` with `.terminated` when the identity belongs to another system.
    public func resolve<Act>(id: ActorID, as actorType: Act.Type) throws -> Act?
    where Act: DistributedActor, Act.ID == ActorID {
        guard id.address.system == host.systemNumber else {
            throw RemoteCallError(
                .terminated, actor: id.name, target: "\(actorType)",
                message: "the reference belongs to another system, which may have ended")
        }
        if id.address.boundRoute == nil {
            id.address.bind(host.route(to: id.address.key, name: id.address.name))
        }
        return nil
    }

    /// Gives an actor that is being made its identity.
    public func assignID<Act>(_ actorType: Act.Type) -> ActorID
    where Act: DistributedActor, Act.ID == ActorID {
        let local =
            SpawnIdentity.current?.claim(for: actorType)
            ?? host.reserveLocal(
                typeName: _typeName(actorType, qualified: false),
                reentrancy: (actorType as? any ProcessActor.Type)?.reentrancy ?? .serial)
        let address = ActorAddress(system: host.systemNumber, key: local.key, name: local.name)
        address.bind(host.route(to: local.key, name: local.name))
        return ActorID(address)
    }

    /// Lets an actor that has been made take messages.
    public func actorReady<Act>(_ actor: Act) where Act: DistributedActor, Act.ID == ActorID {
        host.localActor(for: actor.id.address.key)?.isReady(
            actor, keepAlive: actor.id.address.key.isSpawned)
    }

    /// Ends the mailbox of an actor that is no more.
    public func resignID(_ id: ActorID) {
        host.removeLocal(id.address.key)
    }

    // MARK: Calls

    /// Begins a call.
    public func makeInvocationEncoder() -> InvocationEncoder {
        InvocationEncoder(host: host)
    }

    /// Calls a method that returns a value.
    public func remoteCall<Act, Err, Res>(
        on actor: Act, target: RemoteCallTarget, invocation: inout InvocationEncoder, throwing: Err.Type,
        returning: Res.Type
    ) async throws -> Res where Act: DistributedActor, Act.ID == ActorID, Err: Error, Res: Codable {
        let id = actor.id
        if id.mode.isOneWay {
            try await host.tell(id, target, invocation, overflow: Self.overflow(of: Act.self))
            throw OneWayAccepted()
        }
        let (_, payload) = try await host.call(
            id, target, invocation, overflow: Self.overflow(of: Act.self))
        do {
            var reader = payload.reader
            return try WireCoding.decode(
                Res.self, from: &reader, userInfo: host.userInfo, limits: WireLimits(),
                attachments: payload.attachments)
        } catch {
            throw RemoteCallError(
                .undecodable, actor: id.name, target: "\(target)",
                message: "the result of type \(Res.self) cannot be decoded: \(error)")
        }
    }

    /// Calls a method that returns nothing.
    public func remoteCallVoid<Act, Err>(
        on actor: Act, target: RemoteCallTarget, invocation: inout InvocationEncoder, throwing: Err.Type
    ) async throws where Act: DistributedActor, Act.ID == ActorID, Err: Error {
        let id = actor.id
        if id.mode.isOneWay {
            return try await host.tell(id, target, invocation, overflow: Self.overflow(of: Act.self))
        }
        _ = try await host.call(id, target, invocation, overflow: Self.overflow(of: Act.self))
    }

    // Looked up only when there is no room: it takes a while.
    private static func overflow<Act>(of type: Act.Type) -> OverflowPolicy {
        (type as? any ProcessActor.Type)?.overflow ?? .suspend
    }
}

/// Leaves the thunk of a method with a result when the message was sent one-way: there is no result.
struct OneWayAccepted: Error {}
