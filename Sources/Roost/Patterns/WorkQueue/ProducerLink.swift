internal import Distributed

/// A process's side of its session as a producer of a queue: one for all that put into it here.
final class ProducerLink<Job: Codable & Sendable>: Sendable {
    private let requests = OpenRequests<ProducerReply>()
    private let sender: MailboxSender<ProducerFrame<Job>>

    private init(_ sender: MailboxSender<ProducerFrame<Job>>) {
        self.sender = sender
    }

    /// Opens a session; `ended` is called when it has ended.
    static func open(
        with queue: WorkQueue<Job>, ended: @escaping @Sendable (ProducerLink) -> Void
    ) async throws -> ProducerLink {
        let replies = try await queue.actorSystem.makeMailbox(of: ProducerReply.self)
        let sender = try await queue.admitProducer(repliesTo: replies.address).open()
        // The queue has opened it by now, and nobody else is to.
        replies.seal()
        try await sender.send(.hello)
        let link = ProducerLink(sender)
        let name = queue.id.name
        Task.detached { [weak link] in
            do {
                for try await reply in replies { link?.requests.settle(reply.number, .success(reply)) }
            } catch {
                // The system was stopped.
            }
            let loss = await replies.loss()
            guard let link else { return }
            link.requests.end(with: .interruption(of: name, loss))
            ended(link)
        }
        return link
    }

    var hasEnded: Bool { requests.end != nil }

    // MARK: Putting

    nonisolated(nonsending) func put(_ job: Job) async throws {
        let request = requests.begin()
        try await sending(request) { try await sender.send(.jobs([job], put: request.number, isLast: true)) }
        try check(try await requests.answer(to: request), of: 1)
    }

    /// Puts what `next` gives: up to so many jobs at a time, and fewer when they are the last.
    nonisolated(nonsending) func putAll(_ next: (Int) -> [Job]) async throws {
        let together = jobsTogether(Job.self)
        var jobs = next(together)
        if jobs.isEmpty { return }
        let request = requests.begin()
        var count = 0
        try await sending(request) {
            repeat {
                let following = jobs.count < together ? [] : next(together)
                try await sender.send(.jobs(jobs, put: request.number, isLast: following.isEmpty))
                count += jobs.count
                jobs = following
            } while !jobs.isEmpty
        }
        try check(try await requests.answer(to: request), of: count)
    }

    private func check(_ reply: ProducerReply, of count: Int) throws {
        if reply.refused > 0 { throw RemoteCallError.refusal(of: reply.refused, outOf: count) }
    }

    // MARK: Draining

    nonisolated(nonsending) func drain() async throws {
        let request = requests.begin()
        try await sending(request) { try await sender.send(.drain(request.number)) }
        _ = try await requests.answer(to: request) {
            Task.detached { [sender] in try? await sender.send(.withdrawDrain(request.number)) }
        }
    }

    private nonisolated(nonsending) func sending(
        _ request: OpenRequests<ProducerReply>.Request,
        _ send: nonisolated(nonsending) () async throws -> Void
    ) async throws {
        do {
            try await send()
        } catch {
            requests.forget(request)
            guard let error = error as? RemoteCallError, error.code == .terminated else { throw error }
            // Why, tells the other half of the session.
            throw await requests.waitForEnd() ?? error
        }
    }
}

extension RemoteCallError {
    /// An incarnation of a queue has ended; `loss` is how its side of a session did.
    static func interruption(of queue: String, _ loss: SenderLoss?) -> RemoteCallError {
        switch loss?.cause {
        case .undecodable(let detail):
            RemoteCallError(.undecodable, actor: queue, target: "session", message: detail)
        case .ended(let reason):
            RemoteCallError(
                .interrupted, actor: queue, target: "session", exitReason: reason,
                message: "its jobs are gone with it")
        case nil:
            RemoteCallError(
                .interrupted, actor: queue, target: "session", message: "the queue ended the session")
        }
    }

    static func refusal(of refused: Int, outOf count: Int) -> RemoteCallError {
        RemoteCallError(
            .finished, actor: "", target: "put",
            message: "the queue is finished; \(refused) of \(count) jobs were refused")
    }
}
