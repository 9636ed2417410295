internal import Distributed
internal import RoostPlatform
internal import RoostWire

/// What a group is made of, whatever its type: asks the node, from wherever it is.
struct GroupControl: Sendable, Hashable {
    let topic: GroupTopic
    /// The system that the group belongs to.
    let number: UInt64
    /// The system of this process.
    let system: ProcessActorSystem

    static func == (a: GroupControl, b: GroupControl) -> Bool { a.topic == b.topic && a.number == b.number }

    func hash(into hasher: inout Hasher) {
        hasher.combine(topic)
        hasher.combine(number)
    }

    init(topic: GroupTopic, number: UInt64, system: ProcessActorSystem) {
        self.topic = topic
        self.number = number
        self.system = system
    }

    init(from decoder: any Decoder, mangledType: String, typeName: String) throws {
        guard let system = decoder.userInfo[.actorSystemKey] as? ProcessActorSystem else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a group is decoded by its actor system only"))
        }
        var container = try decoder.unkeyedContainer()
        number = try container.decode(UInt64.self)
        let name = try container.decode(String.self)
        topic = GroupTopic(name: name, mangledType: mangledType, typeName: typeName)
        self.system = system
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(number)
        try container.encode(topic.name)
    }

    private var isOwn: Bool { number == system.host.systemNumber }

    func ask(_ request: GroupRequest) async throws -> NodeAnswer {
        guard isOwn else {
            throw GroupError(.otherSystem, group: topic.name, message: "it belongs to another system")
        }
        return try await system.ask(.group(topic, request))
    }

    /// Has every change told.
    ///
    /// - Returns: what ends that; nil when the system has ended or is another one.
    func follow(
        _ tell: @escaping @Sendable (GroupNotice, ProcessActorSystem) -> Void,
        end: @escaping @Sendable () -> Void
    ) -> (@Sendable () -> Void)? {
        // Weakly: the node keeps the feed, and the system the node.
        let feed = GroupFeed(
            of: topic,
            tell: { [weak system] notice, _ in
                if let system { tell(notice, system) }
            }, end: end)
        let isFollowed =
            isOwn
            && system.host.loop.perform { [system] in
                system.node?.follow(feed)
                system.worker?.follow(feed)
            }
        guard isFollowed else { return nil }
        return { [weak system] in
            system?.host.loop.perform { [weak system] in
                system?.node?.unfollow(feed)
                system?.worker?.unfollow(feed)
            }
        }
    }
}
