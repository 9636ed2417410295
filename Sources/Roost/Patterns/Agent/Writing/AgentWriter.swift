internal import Distributed

/// A stream of updates of one type to an ``Agent``: the fast way, where single answers are not needed.
///
/// ```swift
/// let counter = try await system.makeAgent(0)
/// let writer = try await counter.openWriter(for: Increment<Int>.self)
/// for _ in 0..<1_000_000 { try await writer.send(Increment()) }
/// print(try await writer.finish().applied)
/// ```
/// Updates go through a ``Mailbox``: no call and no task for each. They are applied one after another in the order sent,
/// among those of others. One that throws changes nothing, and is told by ``finish()``.
///
/// When the agent's process ends, sending fails with `.terminated` and the exit reason; what had been sent went with
/// the state. A writer is of one incarnation: open another. When the writer's process ends, or it is let go of, what it
/// had sent is applied.
public final class AgentWriter<Update: AgentUpdate>: Sendable {
    @usableFromInline let sender: MailboxSender<Update>
    private let askForResult: @Sendable () async throws -> AgentWriterResult

    init(
        _ sender: MailboxSender<Update>, result: @escaping @Sendable () async throws -> AgentWriterResult
    ) {
        self.sender = sender
        askForResult = result
    }

    /// Sends an update; returns when it is accepted, and waits only while there is no room.
    ///
    /// - Throws: ``RemoteCallError`` with `.terminated` when the agent's process has ended, and about the update itself
    ///   `.tooLarge` and `.unencodable`; `CancellationError`.
    @inlinable
    public nonisolated(nonsending) func send(_ update: Update) async throws {
        try await sender.send(update)
    }

    /// Ends the stream; returns when all of it has been applied.
    ///
    /// - Throws: ``RemoteCallError`` when the agent's process has ended before.
    public nonisolated(nonsending) func finish() async throws -> AgentWriterResult {
        try await sender.finish()
        return try await askForResult()
    }
}

/// What became of the updates of an ``AgentWriter``.
public struct AgentWriterResult: Hashable, Sendable, Codable {
    /// How many were applied.
    public internal(set) var applied = 0
    /// How many threw, and changed nothing.
    public internal(set) var failed = 0
    /// What the first of those threw, in words.
    public internal(set) var firstFailure: String?
}

extension Agent {
    /// Opens a stream of updates of one type.
    ///
    /// - Throws: ``RemoteCallError``, as any call; with `.unencodable` when no other process finds the type by its name.
    public nonisolated(nonsending) func openWriter<U: AgentUpdate>(
        for type: U.Type
    ) async throws -> AgentWriter<U> where U.State == State {
        let place = try await AgentReply.result(AgentWriterPlace<U>.self) {
            try await self.openStream(AgentWriterMessage(U.self))
        }
        let sender = try await place.address.open()
        try await streamBegan(place.number)
        return AgentWriter(sender) {
            guard let result = try await self.streamResult(place.number) else {
                throw RemoteCallError(
                    .terminated, actor: self.id.name, target: "finish",
                    message: "the incarnation that the updates were sent to has ended")
            }
            return result
        }
    }
}
