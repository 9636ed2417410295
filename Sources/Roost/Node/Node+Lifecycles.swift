internal import RoostPlatform
internal import RoostWire

/// Those who follow the lives of a name.
extension Node {
    /// Tells of the life that the name has now, and of all that follow.
    func follow(_ feed: LifecycleFeed) {
        followers[feed.name, default: [:]][ObjectIdentifier(feed)] = feed
        guard let actor = names[feed.name].flatMap({ actors[$0] }), actor.life.phase == .running,
            let process = actor.process
        else { return }
        feed.add(life(of: process, .running), of: 0) { $0() }
    }

    func unfollow(_ feed: LifecycleFeed) {
        followers[feed.name]?[ObjectIdentifier(feed)] = nil
        if followers[feed.name]?.isEmpty == true { followers[feed.name] = nil }
    }

    /// Follows for an actor in a worker.
    func follow(_ name: String, for process: WorkerProcess, as request: UInt32) {
        let feed = LifecycleFeed(of: name) { [weak process] life, ended in
            // Strings and numbers: there is nothing in it that could fail to be encoded.
            let bytes = (try? WireCoding.bytes(of: life)) ?? []
            process?.control?.send(.life(request: request, process: ended, bytes))
        }
        process.following[request] = feed
        follow(feed)
    }

    func tellFollowers(of process: WorkerProcess, _ state: Incarnation.State) {
        guard let feeds = followers[process.actor.name] else { return }
        let life = life(of: process, state)
        for feed in feeds.values {
            guard case .ended = state else {
                feed.add(life, of: 0) { $0() }
                continue
            }
            feed.add(life, of: process.number) { whenTold(of: process, $0) }
        }
    }

    func finishFollowers() {
        for feed in followers.values.flatMap(\.values) { feed.finish() }
        followers = [:]
    }

    private func life(of process: WorkerProcess, _ state: Incarnation.State) -> Incarnation {
        Incarnation(
            actor: process.actor.name, typeName: process.actor.typeName, number: process.incarnation,
            processID: process.pid, state: state)
    }
}
