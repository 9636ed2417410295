public import Distributed
internal import RoostWire

/// A change of a group's members, as ``ActorGroup/changes`` tells it.
///
/// ```swift
/// for await change in packers.changes {
///     switch change {
///     case .present(let members): print(members.count, "packers")
///     case .joined(let packer): print(packer.id.name, "joined")
///     case .left(let packer, let departure): print(packer.id.name, departure)
///     }
/// }
/// ```
public enum GroupChange<Member: DistributedActor>: Sendable, CustomStringConvertible
where Member.ActorSystem == ProcessActorSystem {
    /// Who is a member when the changes begin, in the order they joined.
    ///
    /// It comes first, once, and is empty when there is no such group.
    case present([Member])
    /// The actor has become a member.
    case joined(Member)
    /// The actor is a member no more.
    case left(Member, GroupDeparture)

    /// One line for a log.
    public var description: String {
        switch self {
        case .present(let members): "present: \(members.map(\.id.name).joined(separator: ", "))"
        case .joined(let member): "\(member.id.name) joined"
        case .left(let member, let departure): "\(member.id.name) \(departure)"
        }
    }
}

/// Why an actor is a member of a group no more.
public enum GroupDeparture: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Somebody asked for it, with ``ActorGroup/leave(_:)``.
    case left
    /// The actor is gone for good, and why: a restart is not the end of a membership.
    case ended(ExitReason)

    /// A phrase for a log.
    public var description: String {
        switch self {
        case .left: "left"
        case .ended(let reason): reason.description
        }
    }
}

/// A change on its way from the node.
enum GroupNotice: Sendable, Codable, Equatable {
    case present([GroupMember])
    case joined(GroupMember)
    case left(GroupMember, GroupDeparture)

    /// The change as the program sees it.
    func change<Member: DistributedActor>(
        in system: ProcessActorSystem
    ) throws -> GroupChange<Member> where Member.ActorSystem == ProcessActorSystem {
        func reference(_ member: GroupMember) throws -> Member {
            try system.reference(member.key, name: member.name)
        }
        return switch self {
        case .present(let members): .present(try members.map(reference))
        case .joined(let member): .joined(try reference(member))
        case .left(let member, let departure): .left(try reference(member), departure)
        }
    }
}
