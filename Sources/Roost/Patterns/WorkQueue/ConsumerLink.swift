internal import Synchronization

/// A consumer's way to its queue. It lasts as long as the consumer, or a delivery that is not settled.
final class ConsumerLink: Sendable {
    private let requests: MailboxSender<ConsumerRequest>
    private let queue: String

    init(_ requests: MailboxSender<ConsumerRequest>, queue: String) {
        self.requests = requests
        self.queue = queue
    }

    /// Tells the queue something; returns when it is on its way.
    nonisolated(nonsending) func send(_ request: ConsumerRequest) async throws {
        do {
            try await requests.send(request)
        } catch {
            throw named(error)
        }
    }

    /// Tells the queue something; returns when its process knows.
    nonisolated(nonsending) func put(_ request: ConsumerRequest) async throws {
        do {
            try await requests.put(request)
        } catch {
            throw named(error)
        }
    }

    private func named(_ error: any Error) -> any Error {
        guard var error = error as? RemoteCallError, error.code == .terminated else { return error }
        error.code = .interrupted
        error.actor = queue
        error.message = "the queue's process has ended, and its jobs with it"
        return error
    }
}

/// A consumer's claim to a job; forgotten, it says so to the queue.
final class LeaseToken: Sendable {
    let number: UInt64
    private let link: ConsumerLink
    private let isSettled = Atomic<Bool>(false)

    init(_ number: UInt64, _ link: ConsumerLink) {
        self.number = number
        self.link = link
    }

    deinit {
        guard !isSettled.load(ordering: .relaxed) else { return }
        Task.detached { [link, number] in try? await link.send(.abandon(number)) }
    }

    /// Settles the job, unless that was done before.
    nonisolated(nonsending) func settle(_ request: ConsumerRequest) async throws {
        if isSettled.exchange(true, ordering: .relaxed) { return }
        try await link.send(request)
    }

    /// Settles the job, unless that was done before; returns when the queue's process knows.
    nonisolated(nonsending) func settleForCertain(_ request: ConsumerRequest) async throws {
        if isSettled.exchange(true, ordering: .relaxed) { return }
        try await link.put(request)
    }
}
