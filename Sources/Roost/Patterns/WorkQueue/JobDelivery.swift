/// A job that is leased to a consumer of a ``WorkQueue``.
///
/// It is settled by the first of ``acknowledge()``, ``confirm()``, ``reject(_:isRetried:)`` and ``giveBack()``; what
/// follows does nothing. One that throws has settled nothing for certain, and may be tried again. It may be settled by another task, in any order, also after the loop that it came from was
/// left. One that is forgotten unsettled counts as a failed attempt.
public struct JobDelivery<Job: Codable & Sendable>: Sendable {
    /// The job.
    public let job: Job
    /// Which attempt this is, counted from 1: the ones before it have failed.
    public let attempt: Int
    /// Whether the job was given to a consumer before, which may have begun it.
    public let isRedelivered: Bool
    @usableFromInline let token: LeaseToken

    @usableFromInline
    init(_ job: Job, attempt: Int = 1, isRedelivered: Bool = false, _ token: LeaseToken) {
        self.job = job
        self.attempt = attempt
        self.isRedelivered = isRedelivered
        self.token = token
    }

    /// Says that the job is done; returns when that is on its way to the queue.
    ///
    /// It leaves as an element sent to a mailbox does, soon. If this process dies before that, the job is done again
    /// elsewhere.
    ///
    /// - Throws: ``RemoteCallError`` with `.interrupted` when the queue's process has ended.
    public nonisolated(nonsending) func acknowledge() async throws {
        try await token.acknowledge()
    }

    /// Says that the job is done; returns when the queue's process knows.
    ///
    /// - Throws: ``RemoteCallError`` with `.interrupted` when the queue's process has ended; `CancellationError`, and
    ///   then the queue may know or not.
    public nonisolated(nonsending) func confirm() async throws {
        try await token.confirm()
    }

    /// Says that the job could not be done; returns when the queue knows.
    ///
    /// - Parameters:
    ///   - reason: for the dead letter that it may become.
    ///   - isRetried: whether it is tried again, if it has not failed too often; otherwise it is a dead letter at once.
    /// - Throws: ``RemoteCallError`` with `.interrupted` when the queue's process has ended.
    public nonisolated(nonsending) func reject(_ reason: String = "", isRetried: Bool = true) async throws {
        try await token.reject(reason, isRetried: isRetried)
    }

    /// Gives the job back as it was: it does not count as tried.
    ///
    /// - Throws: ``RemoteCallError`` with `.interrupted` when the queue's process has ended.
    public nonisolated(nonsending) func giveBack() async throws {
        try await token.giveBack()
    }
}
