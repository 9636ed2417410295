public import Distributed
internal import RoostPlatform
internal import RoostWire

/// Actors of one type under one name, for whoever wants to reach them all without knowing each.
///
/// ```swift
/// let packers = system.group(of: Packer.self, named: "packers")
/// try await packers.join(packer)
/// let reached = try await packers.tell { try await $0.open(.morning) }
/// for packer in try await packers.members() { print(packer.id.name) }
/// ```
///
/// A group is a value, and names one: everybody who makes one with the same name and type, in the node or in
/// an actor's process, means the same group. It can be sent in messages. A group begins with the first who
/// joins, and is no more when the last has left; as long as there are members its name belongs to their type.
///
/// A *member* is an actor, as a reference names it. A spawned actor stays a member while it is being
/// restarted, and messages to it wait as they always do; it leaves by itself when it is gone for good. An
/// actor made with its own initialiser leaves by itself when it is no more, or when its process ends.
///
/// The idea is that of Erlang's `pg`, where members are processes, and of Akka's receptionist, where they are
/// actors and subscribers get to know of each.
public struct ActorGroup<Member: DistributedActor>: Sendable, Hashable, Codable
where Member.ActorSystem == ProcessActorSystem {
    private let control: GroupControl

    init(_ control: GroupControl) { self.control = control }

    /// Reads a group; only with an actor system's decoder, as part of a message.
    public init(from decoder: any Decoder) throws {
        control = try GroupControl(
            from: decoder, mangledType: Self.mangledType, typeName: _typeName(Member.self, qualified: false))
    }

    /// Writes the group's name, and which system it belongs to.
    public func encode(to encoder: any Encoder) throws { try control.encode(to: encoder) }

    static var mangledType: String { _mangledTypeName(Member.self) ?? _typeName(Member.self) }

    /// The group's name.
    public var name: String { control.topic.name }

    /// Makes the actor a member; nothing changes if it is one.
    ///
    /// When it returns, ``members()`` has the actor, wherever it is called.
    ///
    /// - Throws: ``GroupError``: with `.wrongType` when the group of this name is one of another type, with
    ///   `.memberEnded` when the actor is gone for good.
    public func join(_ member: Member) async throws {
        let address = member.id.address
        _ = try await control.ask(.join(GroupMember(key: address.key, name: address.name)))
    }

    /// Ends the actor's membership; nothing changes if it was no member.
    ///
    /// - Throws: ``GroupError`` with `.wrongType` when the group of this name is one of another type.
    public func leave(_ member: Member) async throws {
        _ = try await control.ask(.leave(member.id.address.key))
    }

    /// References to the members, in the order they joined; empty when there is no such group.
    ///
    /// It asks the node each time. Between the answer and its use members may come and go.
    ///
    /// - Throws: ``GroupError`` with `.wrongType` when the group of this name is one of another type.
    public func members() async throws -> [Member] {
        guard case .members(let members) = try await control.ask(.members) else { return [] }
        return try members.map { try control.system.reference($0.key, name: $0.name) }
    }

    /// Sends a one-way message to each member; returns when all of them have accepted it.
    ///
    /// A member whose mailbox is full holds up the return, and not the others. Messages of two tells one after
    /// the other arrive at each member in this order. A message to a member that dies meanwhile becomes a dead
    /// letter, as with ``Distributed/DistributedActor/tell(_:)``, and is no error.
    ///
    /// - Parameter message: makes exactly one call on the reference it is given; called once for each member.
    /// - Returns: how many members it was sent to.
    /// - Throws: ``GroupError`` as ``members()`` does; ``RemoteCallError`` when the message cannot be sent
    ///   (`.tooLarge`, `.unencodable`); `CancellationError` when the task is cancelled while it waits for room.
    @discardableResult
    public func tell<Result>(
        _ message: @escaping @Sendable (Member) async throws -> Result
    ) async throws -> Int {
        let members = try await members()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for member in members {
                group.addTask { try await member.tell { _ = try await message($0) } }
            }
            try await group.waitForAll()
        }
        return members.count
    }

    /// The members there are, and from then on everyone who joins or leaves, in order.
    ///
    /// The first element is always ``GroupChange/present(_:)``. That a member is gone comes after the last
    /// message it had sent here. While the name belongs to a group of another type, this one has no members.
    /// The stream ends with the system, or with the process that reads it; a reader that is 4,096 changes
    /// behind finds the stream's end after them, so that it never misses one unknowingly.
    public var changes: AsyncStream<GroupChange<Member>> {
        let (stream, continuation) = AsyncStream<GroupChange<Member>>.makeStream(
            bufferingPolicy: .bufferingOldest(4_096))
        let unfollow = control.follow { notice, system in
            guard let change: GroupChange<Member> = try? notice.change(in: system) else { return }
            if case .dropped = continuation.yield(change) { continuation.finish() }
        } end: {
            continuation.finish()
        }
        guard let unfollow else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { _ in unfollow() }
        return stream
    }
}

extension ProcessActorSystem {
    /// The group of actors of this type with this name, whether it has members or not.
    ///
    /// Nothing is asked or made: a group begins with the first who joins.
    public func group<Member: DistributedActor>(
        of type: Member.Type, named name: String
    ) -> ActorGroup<Member> where Member.ActorSystem == ProcessActorSystem {
        let topic = GroupTopic(
            name: name, mangledType: ActorGroup<Member>.mangledType,
            typeName: _typeName(type, qualified: false))
        return ActorGroup(GroupControl(topic: topic, number: host.systemNumber, system: self))
    }
}
