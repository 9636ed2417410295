public import Distributed
internal import RoostPlatform

extension DistributedActor where ActorSystem == ProcessActorSystem {
    /// Sends a one-way message: returns when it is accepted, and waits while the mailbox is full.
    ///
    /// ```swift
    /// try await counter.tell { try await $0.add(1) }
    /// ```
    /// The closure makes exactly one call on the reference it is given, and does not keep it. What the
    /// method returns is not sent back; an error it throws becomes a dead letter. A message is accepted
    /// when there is room for it and it stands in this process's outgoing buffer: it may be lost if this
    /// process, or the actor's, is killed. What must not be lost is a call.
    ///
    /// - Throws: ``RemoteCallError`` when the message cannot be sent (`.tooLarge`, `.unencodable`), and
    ///   `CancellationError` when the task is cancelled while it waits for room.
    public nonisolated(nonsending) func tell<Result>(
        _ message: nonisolated(nonsending) (Self) async throws -> Result
    ) async throws {
        let id = id
        guard let route = id.address.boundRoute else {
            throw RemoteCallError(
                .notDelivered, actor: id.name, target: "tell", message: "unresolved reference")
        }
        let twin = try route.twin { try Self.resolve(id: id.sending(.oneWay), using: actorSystem) }
        guard let reference = twin as? Self else {
            throw RemoteCallError(
                .unknownTarget, actor: id.name, target: "tell",
                message: "the same actor is referred to as \(type(of: twin)) and as \(Self.self)")
        }
        do {
            _ = try await message(reference)
        } catch is OneWayAccepted {
            // Sent; the method's result stays where it is.
        }
    }

    /// Makes a call that is given up when it takes too long.
    ///
    /// ```swift
    /// let n = try await counter.call(within: .seconds(1)) { try await $0.add(1) }
    /// ```
    /// The deadline travels with the call: calls that the method makes have at most the time that is
    /// left, and its task is cancelled when the time is up.
    ///
    /// - Parameters:
    ///   - limit: from now, on the machine's monotonic clock.
    ///   - call: makes exactly one call on the reference it is given.
    /// - Returns: what the method returned.
    /// - Throws: ``RemoteCallError`` with `.deadlineExceeded` when there was no answer in time.
    public nonisolated(nonsending) func call<Result>(
        within limit: Duration, _ call: nonisolated(nonsending) (Self) async throws -> Result
    ) async throws -> Result {
        let deadline = Monotonic.now.advanced(by: limit).nanoseconds
        let reference = try Self.resolve(id: id.sending(SendMode(deadline: deadline)), using: actorSystem)
        return try await call(reference)
    }
}
