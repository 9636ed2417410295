internal import RoostPlatform
internal import RoostWire

/// Tells one listener of the changes of a group's members.
typealias GroupFeed = NoticeFeed<GroupTopic, GroupNotice>

/// The groups, and those who follow them.
extension Node {
    func answer(_ request: GroupRequest, of topic: GroupTopic) throws(GroupError) -> NodeAnswer {
        switch request {
        case .join(let member): try join(member, topic)
        case .leave(let key): try leave(key, topic)
        case .members: return .members(try members(of: topic))
        }
        return .done
    }

    private func join(_ member: GroupMember, _ topic: GroupTopic) throws(GroupError) {
        guard isThere(member.key) else {
            throw GroupError(.memberEnded, group: topic.name, message: "\(member.name) is gone for good")
        }
        switch groups.join(member, topic) {
        case .refused(let holder): throw wrongType(topic, holder)
        case .isMember: return
        case .joined:
            tellFollowers(of: topic, .joined(member))
            if !member.key.isSpawned { attend(member.key) }
        }
    }

    private func leave(_ key: ActorKey, _ topic: GroupTopic) throws(GroupError) {
        switch groups.leave(key, topic) {
        case .refused(let holder): throw wrongType(topic, holder)
        case .isNoMember: return
        case .left(let member): tellFollowers(of: topic, .left(member, .left))
        }
    }

    private func members(of topic: GroupTopic) throws(GroupError) -> [GroupMember] {
        switch groups.members(of: topic) {
        case .refused(let holder): throw wrongType(topic, holder)
        case .members(let members): return members
        }
    }

    private func wrongType(_ topic: GroupTopic, _ holder: GroupTopic) -> GroupError {
        GroupError(
            .wrongType, group: topic.name,
            message: "it is a group of \(holder.typeName), and not of \(topic.typeName)")
    }

    // MARK: Ends

    private func isThere(_ key: ActorKey) -> Bool {
        if key.isSpawned { return actors[key.number] != nil }
        return key.owner == Self.processNumber || processes[key.owner] != nil
    }

    /// Has the process that made an actor say when it is no more; only that process knows.
    private func attend(_ key: ActorKey) {
        let number = UInt32(truncatingIfNeeded: key.number)
        if key.owner == Self.processNumber {
            host?.attend(number)
        } else {
            processes[key.owner]?.control?.send(.attend(actor: number))
        }
    }

    /// An actor is gone for good, in this process if it was one's end: it leaves its groups.
    func endMemberships(of key: ActorKey, _ reason: ExitReason, in process: UInt64) {
        for (topic, member) in groups.ended(key) {
            tellFollowers(of: topic, .left(member, .ended(reason)), in: process)
        }
    }

    /// A process has ended, and with it the actors that were made there.
    func endMemberships(madeIn process: WorkerProcess, _ reason: ExitReason) {
        for key in groups.members(madeIn: process.number) {
            endMemberships(of: key, reason, in: process.number)
        }
    }

    func gone(_ actor: UInt32) {
        endMemberships(of: ActorKey(owner: Self.processNumber, number: UInt64(actor)), .normal, in: 0)
    }

    // MARK: Following

    /// Tells who is there now, and of every change after that.
    func follow(_ feed: GroupFeed) {
        if state == .stopped { return feed.finish() }
        groupFollowers[feed.topic.name, default: [:]][ObjectIdentifier(feed)] = feed
        let present = (try? members(of: feed.topic)) ?? []
        feed.add(.present(present), of: 0) { $0() }
    }

    func unfollow(_ feed: GroupFeed) {
        let name = feed.topic.name
        groupFollowers[name]?[ObjectIdentifier(feed)] = nil
        if groupFollowers[name]?.isEmpty == true { groupFollowers[name] = nil }
    }

    /// Follows for an actor in a worker.
    func followGroup(_ bytes: [UInt8], for process: WorkerProcess, as request: UInt32) {
        guard let topic = try? WireCoding.value(GroupTopic.self, of: bytes) else {
            return violation(by: process.number, "a group's name cannot be decoded")
        }
        let feed: GroupFeed = feed(of: topic, to: process, as: request)
        process.follows(request, bytes: bytes.count) { [unowned self] in unfollow(feed) }
        follow(feed)
    }

    private func tellFollowers(of topic: GroupTopic, _ notice: GroupNotice, in process: UInt64 = 0) {
        for feed in (groupFollowers[topic.name] ?? [:]).values where feed.topic == topic {
            feed.add(notice, of: process) { if process == 0 { $0() } else { whenTold(of: process, $0) } }
        }
    }
}
