public import Distributed

/// A number of permits, of which each holder has some: a semaphore that gets back what its holders die with.
///
/// ```swift
/// let downloads = try await system.makePermits(4, named: "downloads")
/// let page = try await downloads.withPermit { try await fetch(url) }
/// ```
/// It can be made anywhere and sent in messages, and is found by its name. Those that wait are served in turn; who
/// asks for many is not passed by those who ask for few. What a killed holder had is there for the next within
/// milliseconds.
///
/// When its own process is killed it is started again with all its permits, and knows of no holder: those that wait
/// are told with ``RemoteCallError`` `.interrupted`, and holders by ``Permit/loss()``.
public distributed actor Permits: ProcessActor {
    /// How many permits there are, at least one.
    public typealias Arguments = Int

    private let host: SessionHost<PermitsState>

    /// Makes the permits in their process.
    ///
    /// - Throws: ``CoordinationError`` when there are none.
    public init(_ count: Int, actorSystem: ActorSystem) throws {
        guard count > 0 else { throw CoordinationError(.tooMany, message: "there must be a permit to hold") }
        host = SessionHost(PermitsState(total: count), system: actorSystem)
        self.actorSystem = actorSystem
    }

    distributed func join(
        _ replies: MailboxAddress<SessionReply<FencingToken?>>
    ) async throws -> MailboxAddress<SessionRequest<PermitsState.Request>> {
        try await host.join(replies)
    }

    /// How many are free, and how many requests wait.
    public distributed func status() -> PermitsStatus {
        host.read { PermitsStatus(total: $0.total, free: $0.free, waiting: $0.waiting) }
    }

    /// Waits for permits, and holds them.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - limit: how long to wait; as long as it takes if nil.
    /// - Returns: what holds them; they are given back by ``Permit/release()``, or when nobody refers to it.
    /// - Throws: ``CoordinationError`` with `.tooMany`; ``RemoteCallError``: `.deadlineExceeded`, `.interrupted` when
    ///   the permits' process was killed meanwhile, `.terminated`; `CancellationError`.
    public nonisolated func acquire(_ count: Int = 1, within limit: Duration? = nil) async throws -> Permit {
        try await within(limit, of: id.name, "acquire") { [self] in
            guard let permit = try await ask(.acquire(count)) else {
                preconditionFailure("it waits until it is given")
            }
            return permit
        }
    }

    /// Holds permits if they are there, and nobody waits.
    ///
    /// - Returns: nil if they cannot be had now.
    /// - Throws: as ``acquire(_:within:)``.
    public nonisolated func tryAcquire(_ count: Int = 1) async throws -> Permit? {
        try await ask(.attempt(count))
    }

    /// Does something while holding a permit.
    ///
    /// - Throws: as ``acquire(_:within:)``, and what `body` throws.
    public nonisolated(nonsending) func withPermit<Result>(
        _ body: nonisolated(nonsending) () async throws -> Result
    ) async throws -> Result {
        let permit = try await acquire()
        defer { permit.release() }
        return try await body()
    }

    private nonisolated func ask(_ request: PermitsState.Request) async throws -> Permit? {
        let session = try await SessionRegistry.session(with: id, in: actorSystem, as: PermitsState.self) {
            try await self.join($0)
        }
        let (number, token) = try await session.ask(request)
        return token.map { _ in Permit(Grant(session, number)) }
    }
}

/// What somebody holds of ``Permits``: given back by ``release()``, or when nobody refers to it, or when its process
/// ends.
public final class Permit: Sendable {
    private let grant: Grant<PermitsState>

    init(_ grant: Grant<PermitsState>) {
        self.grant = grant
    }

    /// Waits until the permits have forgotten this holding because their process was killed, and says why it ended.
    ///
    /// - Returns: nil when the task is cancelled.
    public func loss() async -> ExitReason? { await grant.session.waitForEnd() }

    /// Gives it back, at once; twice is as good as once.
    public func release() { grant.release() }
}

/// What ``Permits`` are doing at a moment.
public struct PermitsStatus: Codable, Hashable, Sendable {
    /// How many there are in all.
    public var total: Int
    /// How many nobody holds.
    public var free: Int
    /// How many requests wait.
    public var waiting: Int
}

extension ProcessActorSystem {
    /// Makes permits, in a process of their own.
    ///
    /// - Parameters:
    ///   - count: how many there are, at least one.
    ///   - name: what they are found by; made from the type if nil.
    ///   - options: how they are supervised.
    /// - Returns: the permits: a reference that can be sent in messages.
    /// - Throws: ``SpawnError``.
    public func makePermits(
        _ count: Int, named name: String? = nil, options: SpawnOptions = SpawnOptions()
    ) async throws -> Permits {
        try await spawn(Permits.self, named: name, count, options: options)
    }
}
