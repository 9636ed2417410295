internal import Distributed

/// A process's side of a session with an actor: asks, and is told when the actor's incarnation has ended.
///
/// It lasts as long as somebody refers to it. At its end, however it comes, the actor takes back all it had given.
final class Session<Machine: SessionMachine>: Sendable {
    typealias Requests = SessionRequest<Machine.Request>
    typealias Replies = SessionReply<Machine.Reply>

    private let requests = OpenRequests<Machine.Reply>()
    private let sender: MailboxSender<Requests>
    private let actor: String

    private init(with actor: String, _ sender: MailboxSender<Requests>) {
        self.actor = actor
        self.sender = sender
    }

    /// Opens a session by `join`, which tells the actor where its replies go.
    static func open(
        with actor: String, in system: ProcessActorSystem,
        _ join: (MailboxAddress<Replies>) async throws -> MailboxAddress<Requests>
    ) async throws -> Session {
        let replies = try await system.makeMailbox(of: Replies.self, capacity: 1 << 20)
        let sender = try await join(replies.address).open()
        // The actor has opened it by now, and nobody else is to.
        replies.seal()
        try await sender.send(.hello)
        let session = Session(with: actor, sender)
        Task.detached { [weak session] in
            let end = await Self.read(replies) { session?.settle($0) }
            session?.end(end)
        }
        return session
    }

    private static func read(_ replies: Mailbox<Replies>, _ settle: (Replies) -> Void) async -> ExitReason {
        let losses = Task.detached {
            for await loss in replies.senderLosses { return HolderLoss(loss).reason }
            return ExitReason.normal
        }
        do {
            for try await reply in replies { settle(reply) }
        } catch {
            losses.cancel()
            return .unknown
        }
        return await losses.value
    }

    /// Why the actor's incarnation has ended; nil while it lives.
    var ending: ExitReason? { requests.end?.exitReason }

    /// Asks for something, and waits for it.
    ///
    /// When the task is cancelled the request is withdrawn, and nothing is kept of what was given meanwhile.
    func ask(_ request: Machine.Request) async throws -> (number: UInt64, reply: Machine.Reply) {
        let asked = requests.begin()
        do {
            try await sender.send(.ask(asked.number, request))
        } catch {
            requests.forget(asked)
            throw interruption(of: error)
        }
        return (asked.number, try await requests.answer(to: asked) { withdraw(asked.number) })
    }

    /// Gives back what a request was answered with.
    func withdraw(_ number: UInt64) {
        Task.detached { [self] in try? await sender.send(.withdraw(number)) }
    }

    /// Waits for the end of the actor's incarnation, and says how it ended; nil when the task is cancelled.
    func waitForEnd() async -> ExitReason? { await requests.waitForEnd()?.exitReason }

    private func settle(_ reply: Replies) {
        switch reply {
        case .answered(let number, let reply): requests.settle(number, .success(reply))
        case .failed(let number, let error): requests.settle(number, .failure(error))
        }
    }

    private func end(_ reason: ExitReason) { requests.end(with: interruption(reason)) }

    private func interruption(_ reason: ExitReason) -> RemoteCallError {
        RemoteCallError(
            .interrupted, actor: actor, target: "session", exitReason: reason,
            message: "what it had given, and who waited, is forgotten")
    }

    private func interruption(of error: any Error) -> any Error {
        if let error = error as? RemoteCallError, error.code == .terminated {
            return interruption(ending ?? error.exitReason ?? .unknown)
        }
        return error
    }
}
