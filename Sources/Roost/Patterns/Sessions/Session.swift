internal import Distributed
internal import Synchronization

/// A process's side of a session with an actor: asks, and is told when the actor's incarnation has ended.
///
/// It lasts as long as somebody refers to it. At its end, however it comes, the actor takes back all it had given.
final class Session<Machine: SessionMachine>: Sendable {
    typealias Requests = SessionRequest<Machine.Request>
    typealias Replies = SessionReply<Machine.Reply>

    /// What has become of a request.
    private enum Waiting {
        case sending
        case waiting(CheckedContinuation<Machine.Reply, any Error>)
        case settled(Result<Machine.Reply, any Error>)
    }

    private struct State {
        var requests: [UInt64: Waiting] = [:]
        var last: UInt64 = 0
        var end: ExitReason?
        var observers: [UInt64: CheckedContinuation<ExitReason?, Never>] = [:]
    }

    private let state = Mutex(State())
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
    var ending: ExitReason? { state.withLock { $0.end } }

    /// Asks for something, and waits for it.
    ///
    /// When the task is cancelled the request is withdrawn, and nothing is kept of what was given meanwhile.
    func ask(_ request: Machine.Request) async throws -> (number: UInt64, reply: Machine.Reply) {
        let number = state.withLock { state in
            state.last += 1
            state.requests[state.last] = .sending
            return state.last
        }
        do {
            try await sender.send(.ask(number, request))
        } catch {
            state.withLock { _ = $0.requests.removeValue(forKey: number) }
            throw interruption(of: error)
        }
        let reply = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait(for: number, $0) }
        } onCancel: {
            settle(number, .failure(CancellationError()))
            withdraw(number)
        }
        return (number, reply)
    }

    /// Gives back what a request was answered with.
    func withdraw(_ number: UInt64) {
        Task.detached { [self] in try? await sender.send(.withdraw(number)) }
    }

    /// Waits for the end of the actor's incarnation, and says how it ended; nil when the task is cancelled.
    func waitForEnd() async -> ExitReason? {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: ExitReason?? = state.withLock { state in
                    if let end = state.end { return .some(end) }
                    if Task.isCancelled { return .some(nil) }
                    state.observers[number] = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.observers.removeValue(forKey: number) }?.resume(returning: nil)
        }
    }

    private func wait(for number: UInt64, _ continuation: CheckedContinuation<Machine.Reply, any Error>) {
        let result: Result<Machine.Reply, any Error>? = state.withLock { state in
            if case .settled(let result)? = state.requests[number] {
                state.requests[number] = nil
                return result
            }
            if let end = state.end { return .failure(interruption(end)) }
            state.requests[number] = .waiting(continuation)
            return nil
        }
        if let result { continuation.resume(with: result) }
    }

    private func settle(_ reply: Replies) {
        switch reply {
        case .answered(let number, let reply): settle(number, .success(reply))
        case .failed(let number, let error): settle(number, .failure(error))
        }
    }

    private func settle(_ number: UInt64, _ result: Result<Machine.Reply, any Error>) {
        let continuation: CheckedContinuation<Machine.Reply, any Error>? = state.withLock { state in
            switch state.requests[number] {
            case .sending:
                state.requests[number] = .settled(result)
                return nil
            case .waiting(let continuation):
                state.requests[number] = nil
                return continuation
            case .settled, nil: return nil
            }
        }
        continuation?.resume(with: result)
    }

    private func end(_ reason: ExitReason) {
        let (requests, observers) = state.withLock { state in
            state.end = reason
            defer { (state.requests, state.observers) = ([:], [:]) }
            return (state.requests.values, state.observers.values)
        }
        for case .waiting(let continuation) in requests {
            continuation.resume(throwing: interruption(reason))
        }
        for observer in observers { observer.resume(returning: reason) }
    }

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
