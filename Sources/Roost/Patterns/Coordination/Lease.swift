public import Distributed
internal import RoostPlatform

/// A lock that ends with its holder.
///
/// ```swift
/// let lease = try await system.makeLease(named: "ledger")
/// try await lease.withLease { token in
///     try await ledger.append(entry, token)         // which refuses what is older than it has seen
/// }
/// ```
/// It can be made anywhere and sent in messages, and is found by its name. Who asks for it is served in turn. A holder
/// that is killed gives it up by that, and the next has it within milliseconds; so does one that drops its grant.
///
/// **When the lease itself is killed** it is started again, and knows of no holder: those that wait are told with
/// ``RemoteCallError`` `.interrupted`, and holders by ``LeaseGrant/loss()``. Until a holder has noticed there may be
/// two. What must not happen twice is protected by the ``FencingToken``, which rises over restarts too.
///
/// A task that holds the lease and asks for it again waits for itself: pass the grant on instead.
public distributed actor Lease: ProcessActor {
    /// What it is started with.
    public struct Arguments: Codable, Sendable {
        // Kept for all incarnations: the clock of the second does not jump, that of the first tells restarts of the
        // machine apart.
        let made: UInt64
        let madeMonotonic: UInt64

        /// A lease of its own.
        public init() {
            made = WallClock.microseconds
            madeMonotonic = Monotonic.now.nanoseconds
        }
    }

    private let host: SessionHost<PermitsState>

    /// Makes the lease in its process.
    public init(_ arguments: Arguments, actorSystem: ActorSystem) {
        let age = (Monotonic.now.nanoseconds - arguments.madeMonotonic) / 1_000
        host = SessionHost(PermitsState(total: 1, epoch: arguments.made + age), system: actorSystem)
        self.actorSystem = actorSystem
    }

    distributed func join(
        _ replies: MailboxAddress<SessionReply<FencingToken?>>
    ) async throws -> MailboxAddress<SessionRequest<PermitsState.Request>> {
        try await host.join(replies)
    }

    /// Whether it is held, and how many wait.
    public distributed func status() -> LeaseStatus {
        host.read { LeaseStatus(isHeld: $0.free == 0, waiting: $0.waiting) }
    }

    /// Waits for the lease, and holds it.
    ///
    /// - Parameter limit: how long to wait; as long as it takes if nil.
    /// - Returns: what holds it; it is given up by ``LeaseGrant/release()``, or when nobody refers to it.
    /// - Throws: ``RemoteCallError``: `.deadlineExceeded`, `.interrupted` when the lease was killed meanwhile,
    ///   `.terminated`; `CancellationError`.
    public nonisolated func acquire(within limit: Duration? = nil) async throws -> LeaseGrant {
        try await within(limit, of: id.name, "acquire") { [self] in
            guard let grant = try await ask(.acquire(1)) else {
                preconditionFailure("it waits until it is given")
            }
            return grant
        }
    }

    /// Holds the lease if nobody does, and nobody waits for it.
    ///
    /// - Returns: nil if it cannot be had now.
    /// - Throws: as ``acquire(within:)``.
    public nonisolated func tryAcquire() async throws -> LeaseGrant? {
        try await ask(.attempt(1))
    }

    /// Does something while holding the lease.
    ///
    /// - Throws: as ``acquire(within:)``, and what `body` throws.
    public nonisolated(nonsending) func withLease<Result>(
        _ body: nonisolated(nonsending) (FencingToken) async throws -> Result
    ) async throws -> Result {
        let grant = try await acquire()
        defer { grant.release() }
        return try await body(grant.token)
    }

    private nonisolated func ask(_ request: PermitsState.Request) async throws -> LeaseGrant? {
        let session = try await SessionRegistry.session(with: id, in: actorSystem, as: PermitsState.self) {
            try await self.join($0)
        }
        let (number, token) = try await session.ask(request)
        return token.map { LeaseGrant(Grant(session, number), $0) }
    }
}

/// The holding of a ``Lease``: given up by ``release()``, or when nobody refers to it, or when its process ends.
public final class LeaseGrant: Sendable {
    /// Tells this holding from all before and after it.
    public let token: FencingToken
    private let grant: Grant<PermitsState>

    init(_ grant: Grant<PermitsState>, _ token: FencingToken) {
        self.grant = grant
        self.token = token
    }

    /// Whether the incarnation of the lease that gave it lives, as far as this process knows.
    public var isValid: Bool { grant.session.ending == nil }

    /// Waits until the lease has forgotten this holding because it was killed, and says why it ended.
    ///
    /// - Returns: nil when the task is cancelled.
    public func loss() async -> ExitReason? { await grant.session.waitForEnd() }

    /// Gives the lease up, at once; twice is as good as once.
    public func release() { grant.release() }
}

/// What a ``Lease`` is doing at a moment.
public struct LeaseStatus: Codable, Hashable, Sendable {
    /// Whether somebody holds it.
    public var isHeld: Bool
    /// How many wait for it.
    public var waiting: Int
}

extension ProcessActorSystem {
    /// Makes a lease, in a process of its own.
    ///
    /// - Parameters:
    ///   - name: what it is found by; made from the type if nil.
    ///   - options: how it is supervised.
    /// - Returns: the lease: a reference that can be sent in messages.
    /// - Throws: ``SpawnError``.
    public func makeLease(
        named name: String? = nil, options: SpawnOptions = SpawnOptions()
    ) async throws -> Lease {
        try await spawn(Lease.self, named: name, Lease.Arguments(), options: options)
    }
}
