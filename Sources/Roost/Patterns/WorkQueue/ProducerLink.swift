internal import Distributed
internal import Synchronization

/// A process's side of its session as a producer of a queue: one for all that put into it here.
final class ProducerLink<Job: Codable & Sendable>: Sendable {
    private typealias Continuation = CheckedContinuation<ProducerReply, any Error>

    /// What has become of something that is to be answered.
    private enum Waiting {
        case sending
        case waiting(Continuation)
        case answered(ProducerReply)

        var isAnswered: Bool {
            if case .answered = self { true } else { false }
        }
    }

    private struct State {
        var waiting: [UInt64: Waiting] = [:]
        var last: UInt64 = 0
        var end: RemoteCallError?
        var observers: [CheckedContinuation<RemoteCallError, Never>] = []
    }

    private let state = Mutex(State())
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
                for try await reply in replies { link?.answer(reply) }
            } catch {
                // The system was stopped.
            }
            let loss = await replies.loss()
            guard let link else { return }
            link.end(.interruption(of: name, loss))
            ended(link)
        }
        return link
    }

    var hasEnded: Bool { state.withLock { $0.end != nil } }

    // MARK: Putting

    nonisolated(nonsending) func put(_ job: Job) async throws {
        let number = begin()
        try await sending(number) { try await sender.send(.jobs([job], put: number, isLast: true)) }
        try check(try await answer(to: number), of: 1)
    }

    /// Puts what `next` gives: up to so many jobs at a time, and fewer when they are the last.
    nonisolated(nonsending) func putAll(_ next: (Int) -> [Job]) async throws {
        let together = jobsTogether(Job.self)
        var jobs = next(together)
        if jobs.isEmpty { return }
        let number = begin()
        var count = 0
        try await sending(number) {
            repeat {
                let following = jobs.count < together ? [] : next(together)
                try await sender.send(.jobs(jobs, put: number, isLast: following.isEmpty))
                count += jobs.count
                jobs = following
            } while !jobs.isEmpty
        }
        try check(try await answer(to: number), of: count)
    }

    private func check(_ reply: ProducerReply, of count: Int) throws {
        if reply.refused > 0 { throw RemoteCallError.refusal(of: reply.refused, outOf: count) }
    }

    // MARK: Draining

    nonisolated(nonsending) func drain() async throws {
        let number = begin()
        try await sending(number) { try await sender.send(.drain(number)) }
        do {
            _ = try await answer(to: number)
        } catch let error as CancellationError {
            Task.detached { [sender] in try? await sender.send(.withdrawDrain(number)) }
            throw error
        }
    }

    // MARK: Answers

    private func begin() -> UInt64 {
        state.withLock { state in
            state.last += 1
            state.waiting[state.last] = .sending
            return state.last
        }
    }

    private nonisolated(nonsending) func sending(
        _ number: UInt64, _ send: nonisolated(nonsending) () async throws -> Void
    ) async throws {
        do {
            try await send()
        } catch {
            state.withLock { $0.waiting[number] = nil }
            guard let error = error as? RemoteCallError, error.code == .terminated else { throw error }
            throw await ending()
        }
    }

    private nonisolated(nonsending) func answer(to number: UInt64) async throws -> ProducerReply {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<ProducerReply, any Error>? = state.withLock { state in
                    if case .answered(let reply)? = state.waiting[number] {
                        state.waiting[number] = nil
                        return .success(reply)
                    }
                    if let end = state.end { return .failure(end) }
                    // A task that was cancelled before has nothing there any more.
                    if Task.isCancelled || state.waiting[number] == nil {
                        return .failure(CancellationError())
                    }
                    state.waiting[number] = .waiting(continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let waiting = state.withLock { $0.waiting.removeValue(forKey: number) }
            guard case .waiting(let continuation)? = waiting else { return }
            continuation.resume(throwing: CancellationError())
        }
    }

    private func answer(_ reply: ProducerReply) {
        let waiting: Waiting? = state.withLock { state in
            guard let waiting = state.waiting[reply.number] else { return nil }
            if case .sending = waiting {
                state.waiting[reply.number] = .answered(reply)
            } else {
                state.waiting[reply.number] = nil
            }
            return waiting
        }
        if case .waiting(let continuation)? = waiting { continuation.resume(returning: reply) }
    }

    // MARK: The end

    private func end(_ error: RemoteCallError) {
        let (waiting, observers) = state.withLock { state in
            state.end = error
            defer { (state.waiting, state.observers) = (state.waiting.filter(\.value.isAnswered), []) }
            return (state.waiting.values, state.observers)
        }
        for case .waiting(let continuation) in waiting { continuation.resume(throwing: error) }
        for observer in observers { observer.resume(returning: error) }
    }

    /// Why the session has ended, which the other half of it tells.
    private func ending() async -> RemoteCallError {
        await withCheckedContinuation { continuation in
            let end: RemoteCallError? = state.withLock { state in
                if let end = state.end { return end }
                state.observers.append(continuation)
                return nil
            }
            if let end { continuation.resume(returning: end) }
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
