internal import Distributed
internal import Synchronization

/// Where the ends of a channel find each other, in the process that made it.
distributed actor ChannelBroker<First: Codable & Sendable, Second: Codable & Sendable> {
    typealias ActorSystem = ProcessActorSystem
    typealias State = ChannelState<First, Second>

    private let host: SessionHost<State>

    init(actorSystem: ActorSystem) {
        let keeper = Keeper()
        host = SessionHost(State(), system: actorSystem) { if $0.isOver { keeper.letGo() } }
        self.actorSystem = actorSystem
        // Its ends may all be on their way elsewhere.
        keeper.keep(self)
    }

    distributed func join(
        _ replies: MailboxAddress<SessionReply<State.Reply>>
    ) async throws -> MailboxAddress<SessionRequest<State.Request>> {
        try await host.join(replies)
    }

    nonisolated func session() async throws -> Session<State> {
        try await SessionRegistry.session(with: id, in: actorSystem, as: State.self) {
            try await self.join($0)
        }
    }

    /// Keeps the broker until its ends are connected, or gone.
    private final class Keeper: Sendable {
        private let kept = Mutex<ChannelBroker?>(nil)

        func keep(_ broker: ChannelBroker) { kept.withLock { $0 = broker } }

        func letGo() {
            // Outside of the lock: it may be the last reference.
            let broker = kept.withLock { $0.take() }
            _ = consume broker
        }
    }
}
