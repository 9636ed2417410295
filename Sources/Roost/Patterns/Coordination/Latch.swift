public import Distributed

/// A gate that opens when it has been counted down, for all that wait at it and all that come later.
///
/// ```swift
/// let ready = try await system.makeLatch(count: 3)
/// try await ready.countDown()       // in three actors
/// try await ready.wait()            // in any number of others
/// ```
/// With a count of one it is an event: ``open()`` sets it, ``reset(to:)`` clears it. It can be made anywhere and sent
/// in messages, and is found by its name.
///
/// Who waits and is killed is forgotten. Nobody waits for one that is dead, if that one has *promised* its count:
///
/// ```swift
/// let promise = try await ready.promise()
/// try await prepare()
/// try await promise.keep()
/// ```
/// When it ends, or drops the promise, without having kept it, those that wait get ``CoordinationError`` `.broken`
/// with who it was, as do all that come, until ``reset(to:)``.
///
/// When the latch's own process is killed it is started again with its first count: those that wait are told with
/// ``RemoteCallError`` `.interrupted`.
public distributed actor Latch: ProcessActor {
    /// What is to be counted down.
    public typealias Arguments = Int

    private let host: SessionHost<LatchState>

    /// Makes the latch in its process.
    public init(_ count: Int, actorSystem: ActorSystem) {
        host = SessionHost(LatchState(count: max(0, count)), system: actorSystem)
        self.actorSystem = actorSystem
    }

    distributed func join(
        _ replies: MailboxAddress<SessionReply<LatchState.Reply>>
    ) async throws -> MailboxAddress<SessionRequest<LatchState.Request>> {
        try await host.join(replies)
    }

    /// What is still to be counted down, and how many wait.
    public distributed func status() -> LatchStatus {
        host.read { LatchStatus(count: $0.count, waiting: $0.waiting) }
    }

    /// Counts down; never below zero.
    public distributed func countDown(by amount: Int = 1) {
        host.change { $0.countDown(by: max(0, amount)) }
    }

    /// Lets all go that wait, and all that come.
    public distributed func open() {
        host.change { $0.countDown(by: .max) }
    }

    /// Closes it again; promises made before are void.
    public distributed func reset(to count: Int = 1) {
        host.change { $0.reset(to: max(0, count)) }
    }

    /// Waits until the latch is open.
    ///
    /// - Parameter limit: how long to wait; as long as it takes if nil.
    /// - Throws: ``CoordinationError`` with `.broken` when somebody is gone who had promised to count down;
    ///   ``RemoteCallError``: `.deadlineExceeded`, `.interrupted` when the latch was killed meanwhile, `.terminated`;
    ///   `CancellationError`.
    public nonisolated func wait(within limit: Duration? = nil) async throws {
        try await Roost.within(limit, of: id.name, "wait") { [self] in _ = try await session.ask(.wait) }
    }

    /// Promises to count down by one.
    ///
    /// - Throws: ``RemoteCallError``.
    public nonisolated func promise() async throws -> LatchPromise {
        // In a task of its own: a promise that is withdrawn half way would be a broken one.
        try await Task { [self] in
            let session = try await session
            return LatchPromise(Grant(session, try await session.ask(.promise).number))
        }.value
    }

    private nonisolated var session: Session<LatchState> {
        get async throws {
            try await SessionRegistry.session(with: id, in: actorSystem, as: LatchState.self) {
                try await self.join($0)
            }
        }
    }
}

/// Somebody's promise to count a ``Latch`` down: broken when it is dropped, or its process ends, before it is kept.
public final class LatchPromise: Sendable {
    private let grant: Grant<LatchState>

    init(_ grant: Grant<LatchState>) {
        self.grant = grant
    }

    /// Counts down; a second time it does nothing.
    ///
    /// - Throws: ``RemoteCallError``: `.interrupted` when the latch was killed since the promise was made.
    public func keep() async throws {
        _ = try await grant.session.ask(.keep(promise: grant.number))
    }
}

/// What a ``Latch`` is doing at a moment.
public struct LatchStatus: Codable, Hashable, Sendable {
    /// What is still to be counted down; 0 when it is open.
    public var count: Int
    /// How many wait.
    public var waiting: Int
}

extension ProcessActorSystem {
    /// Makes a latch, in a process of its own.
    ///
    /// - Parameters:
    ///   - count: what is to be counted down.
    ///   - name: what it is found by; made from the type if nil.
    ///   - options: how it is supervised.
    /// - Returns: the latch: a reference that can be sent in messages.
    /// - Throws: ``SpawnError``.
    public func makeLatch(
        count: Int = 1, named name: String? = nil, options: SpawnOptions = SpawnOptions()
    ) async throws -> Latch {
        try await spawn(Latch.self, named: name, count, options: options)
    }
}
