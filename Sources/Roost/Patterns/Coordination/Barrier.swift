public import Distributed

/// A place where a number of parties wait for each other, again and again.
///
/// ```swift
/// let barrier = try await system.makeBarrier(parties: 3)
/// // in each of three actors:
/// let party = try await barrier.join()
/// for step in steps {
///     try await compute(step)
///     try await party.arrive()          // returns when all three are here
/// }
/// ```
/// It can be made anywhere and sent in messages, and is found by its name.
///
/// When a party is killed each of the others is told once, with ``CoordinationError`` `.broken` and who it was: those
/// that wait at once, the others when they arrive next. After that they wait for all parties again; who comes in place
/// of the lost one joins as it did. A party that leaves by itself is waited for until another has joined.
///
/// When the barrier's own process is killed it is started again and knows of no party: they are told with
/// ``RemoteCallError`` `.interrupted`, and join again.
public distributed actor Barrier: ProcessActor {
    /// How many parties wait for each other, at least one.
    public typealias Arguments = Int

    private let host: SessionHost<BarrierState>

    /// Makes the barrier in its process.
    ///
    /// - Throws: ``CoordinationError`` when it is for no party.
    public init(_ parties: Int, actorSystem: ActorSystem) throws {
        guard parties > 0 else { throw CoordinationError(.tooMany, message: "there must be a party") }
        host = SessionHost(BarrierState(parties: parties), system: actorSystem)
        self.actorSystem = actorSystem
    }

    distributed func join(
        _ replies: MailboxAddress<SessionReply<UInt64>>
    ) async throws -> MailboxAddress<SessionRequest<BarrierState.Request>> {
        try await host.join(replies)
    }

    /// How many parties there are, and how many of them wait.
    public distributed func status() -> BarrierStatus {
        host.read { BarrierStatus(parties: $0.size, joined: $0.joined, waiting: $0.waiting) }
    }

    /// Becomes one of the parties.
    ///
    /// - Returns: the party, which leaves when nobody refers to it.
    /// - Throws: ``CoordinationError`` with `.full`; ``RemoteCallError``.
    public nonisolated func join() async throws -> BarrierParty {
        let session = try await SessionRegistry.session(with: id, in: actorSystem, as: BarrierState.self) {
            try await self.join($0)
        }
        return BarrierParty(Grant(session, try await session.ask(.join).number), of: id.name)
    }
}

/// A party of a ``Barrier``: it leaves by ``leave()``, or when nobody refers to it; it is lost with its process.
public final class BarrierParty: Sendable {
    private let grant: Grant<BarrierState>
    private let barrier: String

    init(_ grant: Grant<BarrierState>, of barrier: String) {
        self.grant = grant
        self.barrier = barrier
    }

    /// Waits until all parties have arrived.
    ///
    /// - Parameter limit: how long to wait; as long as it takes if nil. A party that gives up has not arrived.
    /// - Returns: the number of the meeting, counted from 1, the same for all parties.
    /// - Throws: ``CoordinationError``: `.broken` when a party is gone, `.notAParty` after ``leave()``;
    ///   ``RemoteCallError``: `.deadlineExceeded`, `.interrupted` when the barrier was killed; `CancellationError`.
    @discardableResult
    public func arrive(within limit: Duration? = nil) async throws -> UInt64 {
        try await within(limit, of: barrier, "arrive") { [grant] in
            try await grant.session.ask(.arrive(party: grant.number)).reply
        }
    }

    /// Makes room for another party.
    public func leave() { grant.release() }
}

/// What a ``Barrier`` is doing at a moment.
public struct BarrierStatus: Codable, Hashable, Sendable {
    /// How many parties wait for each other.
    public var parties: Int
    /// How many parties have joined.
    public var joined: Int
    /// How many have arrived and wait for the others.
    public var waiting: Int
}

extension ProcessActorSystem {
    /// Makes a barrier, in a process of its own.
    ///
    /// - Parameters:
    ///   - parties: how many wait for each other, at least one.
    ///   - name: what it is found by; made from the type if nil.
    ///   - options: how it is supervised.
    /// - Returns: the barrier: a reference that can be sent in messages.
    /// - Throws: ``SpawnError``.
    public func makeBarrier(
        parties: Int, named name: String? = nil, options: SpawnOptions = SpawnOptions()
    ) async throws -> Barrier {
        try await spawn(Barrier.self, named: name, parties, options: options)
    }
}
