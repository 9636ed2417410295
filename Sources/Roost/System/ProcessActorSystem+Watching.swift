internal import Distributed
internal import RoostPlatform

/// Hearing of ends, and of new beginnings.
extension ProcessActorSystem {
    /// Watches the actor's present incarnation: exactly one notice, when it has ended.
    ///
    /// ```swift
    /// let reason = try await system.watch(packer).value
    /// ```
    /// The notice comes after the last message the actor had sent here, and, if it stays dead, after its
    /// name is free. Watching what is dead already is answered at once.
    public func watch<A: ProcessActor>(_ actor: A) async throws -> Watch {
        let watch = Watch()
        let key = actor.id.address.key
        if let node {
            try await node.onLoop { node, done in
                let watchKey = WorkerProcess.WatchKey(process: Node.processNumber, request: node.newWatch())
                node.addWatcher(watchKey, key) { _, reason in watch.deliver(reason) }
                watch.onCancel { node.loop.perform { node.removeWatcher(watchKey) } }
                done(.success(()))
            }
        } else if let worker {
            await withCheckedContinuation { continuation in
                host.loop.perform {
                    let request = worker.watch(key) { watch.deliver($0) }
                    watch.onCancel { worker.perform { $0.unwatch(request) } }
                    continuation.resume()
                }
            }
        }
        return watch
    }

    /// Every incarnation of the actor with this name, twice: when it takes messages, and when it has ended.
    ///
    /// ```swift
    /// for await life in system.lifecycle(of: "packer-1") { print(life) }
    /// ```
    /// Begins with the present incarnation, if there is one, and goes on with all that follow, also of another
    /// actor that gets the name, until the system is stopped. The end of one comes after the last message it
    /// had sent here, and, if it stays dead, after its name is free. One that never took messages only ends.
    /// For a reader that is slow the newest 4,096 are kept. Works in the node and in actors' processes.
    public func lifecycle(of name: String) -> AsyncStream<Incarnation> {
        let (stream, continuation) = AsyncStream<Incarnation>.makeStream(
            bufferingPolicy: .bufferingNewest(4_096))
        let feed = LifecycleFeed(
            of: name, tell: { life, _ in continuation.yield(life) }, end: { continuation.finish() })
        let isAccepted = host.loop.perform { [self] in
            node?.follow(feed)
            worker?.follow(feed)
        }
        guard isAccepted else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.host.loop.perform { [weak self] in
                self?.node?.unfollow(feed)
                self?.worker?.unfollow(feed)
            }
        }
        return stream
    }
}
