internal import RoostPlatform
internal import RoostWire

/// Those who follow the lives of a name.
extension Node {
    /// Tells of the life that the name has now, and of all that follow.
    func follow(_ feed: LifecycleFeed) {
        // The loop may take this just after everything was told its end.
        if state == .stopped { return feed.finish() }
        followers[feed.topic, default: [:]][ObjectIdentifier(feed)] = feed
        guard let actor = names[feed.topic].flatMap({ actors[$0] }), actor.life.phase == .running,
            let process = actor.process
        else { return }
        feed.add(life(of: process, .running), of: 0) { $0() }
    }

    func unfollow(_ feed: LifecycleFeed) {
        followers[feed.topic]?[ObjectIdentifier(feed)] = nil
        if followers[feed.topic]?.isEmpty == true { followers[feed.topic] = nil }
    }

    /// Follows for an actor in a worker.
    func follow(_ name: String, for process: WorkerProcess, as request: UInt32) {
        let feed: LifecycleFeed = feed(of: name, to: process, as: request)
        process.follows(request, bytes: name.utf8.count) { [unowned self] in unfollow(feed) }
        follow(feed)
    }

    /// A feed whose listener is in a worker.
    func feed<Topic, Notice>(
        of topic: Topic, to process: WorkerProcess, as request: UInt32
    ) -> NoticeFeed<Topic, Notice> {
        NoticeFeed(of: topic) { [weak process] notice, ended in
            // Strings and numbers: there is nothing in it that could fail to be encoded.
            let bytes = (try? WireCoding.bytes(of: notice)) ?? []
            process?.control?.send(.told(request: request, process: ended, bytes))
        }
    }

    func tellFollowers(of process: WorkerProcess, _ state: Incarnation.State) {
        guard let feeds = followers[process.actor.name] else { return }
        let life = life(of: process, state)
        for feed in feeds.values {
            guard case .ended = state else {
                feed.add(life, of: 0) { $0() }
                continue
            }
            feed.add(life, of: process.number) { whenTold(of: process.number, $0) }
        }
    }

    func finishFollowers() {
        for feed in followers.values.flatMap(\.values) { feed.finish() }
        followers = [:]
        for feed in groupFollowers.values.flatMap(\.values) { feed.finish() }
        groupFollowers = [:]
    }

    private func life(of process: WorkerProcess, _ state: Incarnation.State) -> Incarnation {
        Incarnation(
            actor: process.actor.name, typeName: process.actor.typeName, number: process.incarnation,
            processID: process.pid, state: state)
    }
}
