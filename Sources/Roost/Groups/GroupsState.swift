internal import RoostWire

/// Who is a member of which group, without sockets and processes: decides, and leaves the telling to the node.
///
/// A group is there from its first member on, and is gone with its last. While it is there, its name belongs
/// to one type of actors.
struct GroupsState {
    private struct Group {
        let topic: GroupTopic
        /// In the order they joined.
        var members: [GroupMember]
    }

    private var groups: [String: Group] = [:]
    /// The groups of each member, in the order it joined them.
    private var memberships: [ActorKey: [GroupTopic]] = [:]

    /// Whether nobody is a member of anything.
    var isEmpty: Bool { groups.isEmpty && memberships.isEmpty }

    /// What the wish to join comes to.
    enum JoinAction: Equatable {
        case joined
        /// It is a member already: nothing changes.
        case isMember
        /// The name belongs to a group of another type.
        case refused(holder: GroupTopic)
    }

    mutating func join(_ member: GroupMember, _ topic: GroupTopic) -> JoinAction {
        guard let group = groups[topic.name] else {
            groups[topic.name] = Group(topic: topic, members: [member])
            memberships[member.key, default: []].append(topic)
            return .joined
        }
        if group.topic != topic { return .refused(holder: group.topic) }
        if memberships[member.key]?.contains(topic) == true { return .isMember }
        groups[topic.name]?.members.append(member)
        memberships[member.key, default: []].append(topic)
        return .joined
    }

    /// What the wish to leave comes to.
    enum LeaveAction: Equatable {
        case left(GroupMember)
        /// It was no member: nothing changes.
        case isNoMember
        /// The name belongs to a group of another type.
        case refused(holder: GroupTopic)
    }

    mutating func leave(_ key: ActorKey, _ topic: GroupTopic) -> LeaveAction {
        if let holder = groups[topic.name]?.topic, holder != topic { return .refused(holder: holder) }
        guard let member = remove(key, from: topic) else { return .isNoMember }
        memberships[key]?.removeAll { $0 == topic }
        if memberships[key]?.isEmpty == true { memberships[key] = nil }
        return .left(member)
    }

    /// An actor is gone for good; returns what it was a member of, in the order it had joined.
    mutating func ended(_ key: ActorKey) -> [(topic: GroupTopic, member: GroupMember)] {
        (memberships.removeValue(forKey: key) ?? []).compactMap { topic in
            remove(key, from: topic).map { (topic, $0) }
        }
    }

    /// The actors that were made in this process and are members of something, in the order they were made.
    func members(madeIn process: UInt64) -> [ActorKey] {
        memberships.keys.filter { $0.owner == process }.sorted { $0.number < $1.number }
    }

    /// Who is in a group.
    enum MembersAnswer: Equatable {
        /// In the order they joined; empty when there is no such group.
        case members([GroupMember])
        /// The name belongs to a group of another type.
        case refused(holder: GroupTopic)
    }

    func members(of topic: GroupTopic) -> MembersAnswer {
        guard let group = groups[topic.name] else { return .members([]) }
        return group.topic == topic ? .members(group.members) : .refused(holder: group.topic)
    }

    private mutating func remove(_ key: ActorKey, from topic: GroupTopic) -> GroupMember? {
        guard let group = groups[topic.name], group.topic == topic,
            let index = group.members.firstIndex(where: { $0.key == key })
        else { return nil }
        let member = groups[topic.name]?.members.remove(at: index)
        if groups[topic.name]?.members.isEmpty == true { groups[topic.name] = nil }
        return member
    }
}

/// A group as the node knows it: its name, and the type of its members.
struct GroupTopic: Hashable, Sendable, Codable {
    var name: String
    /// By which processes tell types apart.
    var mangledType: String
    /// For messages to people.
    var typeName: String
}

/// A member of a group.
struct GroupMember: Hashable, Sendable, Codable {
    var key: ActorKey
    /// The actor's name.
    var name: String
}
