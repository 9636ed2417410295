internal import Distributed

/// Which end of which channel: `Receiving` is what comes out of it.
enum ChannelEnd<Receiving: Codable & Sendable, Sending: Codable & Sendable>: Codable, Sendable {
    case first(ChannelBroker<Receiving, Sending>)
    case second(ChannelBroker<Sending, Receiving>)

    var system: ProcessActorSystem {
        switch self {
        case .first(let broker): broker.actorSystem
        case .second(let broker): broker.actorSystem
        }
    }

    /// Tells the broker that the end has arrived in this process.
    func hold() async throws -> ChannelHold {
        switch self {
        case .first(let broker): try await ChannelHold(broker.session(), .holdFirst)
        case .second(let broker): try await ChannelHold(broker.session(), .holdSecond)
        }
    }

    /// Gives the other end an address to send to, and opens the other's; returns when both have.
    func connect(_ address: MailboxAddress<Receiving>) async throws -> MailboxSender<Sending> {
        switch self {
        case .first(let broker):
            let session = try await broker.session()
            guard case .second(let theirs) = try await session.ask(.openFirst(address)).reply else {
                throw wrong
            }
            let sender = try await theirs.open()
            _ = try await session.ask(.connected)
            return sender
        case .second(let broker):
            let session = try await broker.session()
            guard case .first(let theirs) = try await session.ask(.openSecond(address)).reply else {
                throw wrong
            }
            let sender = try await theirs.open()
            _ = try await session.ask(.connected)
            return sender
        }
    }

    private var wrong: RemoteCallError {
        RemoteCallError(
            .undecodable, actor: "channel", target: "open", message: "the wrong end's address came")
    }
}

/// That a process has an end in its hands, as the broker knows: by a session that lasts as long as this.
struct ChannelHold: Sendable {
    /// Tells the broker that the end is on its way to somebody else.
    let passOn: @Sendable () async throws -> Void
    /// Tells the broker that it was dropped here.
    let drop: @Sendable () -> Void

    init<A, B>(_ session: Session<ChannelState<A, B>>, _ request: ChannelState<A, B>.Request) async throws {
        let number = try await session.ask(request).number
        passOn = { _ = try await session.ask(.passOn(number)) }
        drop = { session.withdraw(number) }
    }
}
