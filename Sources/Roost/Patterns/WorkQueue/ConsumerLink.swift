internal import Synchronization

/// A consumer's way to its queue.
///
/// It lasts as long as the consumer, or a delivery that is not settled.
@usableFromInline
final class ConsumerLink: Sendable {
    typealias Rejection =
        @Sendable (_ lease: UInt64, _ reason: String, _ isRetried: Bool) async throws -> Bool

    private let words: MailboxSender<UInt64>
    private let queue: String
    private let rejection: Rejection

    /// `rejection` rejects a job; it returns false when the queue's incarnation is another by now.
    init(_ words: MailboxSender<UInt64>, queue: String, rejection: @escaping Rejection) {
        self.words = words
        self.queue = queue
        self.rejection = rejection
    }

    /// Tells the queue something; returns when it is on its way.
    nonisolated(nonsending) func send(_ word: ConsumerWord) async throws {
        do {
            try await words.send(word.word)
        } catch {
            throw named(error)
        }
    }

    /// Tells the queue something; returns when its process knows.
    nonisolated(nonsending) func put(_ word: ConsumerWord) async throws {
        do {
            try await words.put(word.word)
        } catch {
            throw named(error)
        }
    }

    func reject(_ lease: UInt64, _ reason: String, isRetried: Bool) async throws {
        do {
            if try await rejection(lease, reason, isRetried) { return }
        } catch {
            throw named(error)
        }
        throw interruption(nil)
    }

    private func named(_ error: any Error) -> any Error {
        guard let error = error as? RemoteCallError, error.code == .terminated else { return error }
        return interruption(error.exitReason)
    }

    private func interruption(_ reason: ExitReason?) -> RemoteCallError {
        RemoteCallError(
            .interrupted, actor: queue, target: "session", exitReason: reason,
            message: "the queue's process has ended, and its jobs with it")
    }
}

/// A consumer's claim to a job; forgotten, it says so to the queue.
@usableFromInline
final class LeaseToken: Sendable {
    let number: UInt64
    private let link: ConsumerLink
    private let isSettled = Atomic<Bool>(false)

    @usableFromInline
    init(_ number: UInt64, _ link: ConsumerLink) {
        self.number = number
        self.link = link
    }

    deinit {
        guard !isSettled.load(ordering: .relaxed) else { return }
        Task.detached { [link, number] in try? await link.send(.abandon(number)) }
    }

    nonisolated(nonsending) func acknowledge() async throws {
        try await settle { try await link.send(.acknowledge(number)) }
    }

    nonisolated(nonsending) func confirm() async throws {
        try await settle { try await link.put(.acknowledge(number)) }
    }

    nonisolated(nonsending) func giveBack() async throws {
        try await settle { try await link.send(.giveBack(number)) }
    }

    nonisolated(nonsending) func reject(_ reason: String, isRetried: Bool) async throws {
        try await settle { try await link.reject(number, reason, isRetried: isRetried) }
    }

    // What the queue was not told for certain may be told again: it takes the first that comes.
    private nonisolated(nonsending) func settle(
        _ tell: nonisolated(nonsending) () async throws -> Void
    ) async throws {
        if isSettled.exchange(true, ordering: .relaxed) { return }
        do {
            try await tell()
        } catch {
            isSettled.store(false, ordering: .relaxed)
            throw error
        }
    }
}
