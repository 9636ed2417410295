internal import Distributed
internal import Synchronization

/// The sessions of this process, by the actors they are with: one for all that refer to the same actor.
///
/// It keeps none of them: a session ends with the last thing that was got by it.
enum SessionRegistry {
    private struct Entry: Sendable {
        weak var session: (any AnyObject & Sendable)?
    }

    private static let entries = Mutex<[ActorID: Entry]>([:])

    /// The session with an actor; it is opened if there is none, or if the actor is another incarnation by now.
    static func session<Machine: SessionMachine>(
        with actor: ActorID, in system: ProcessActorSystem, as type: Machine.Type,
        _ join:
            (MailboxAddress<SessionReply<Machine.Reply>>) async throws
            -> MailboxAddress<SessionRequest<Machine.Request>>
    ) async throws -> Session<Machine> {
        if let open = open(actor) as? Session<Machine>, open.ending == nil { return open }
        let session = try await Session<Machine>.open(with: actor.name, in: system, join)
        return entries.withLock { entries in
            // Another task may have been faster.
            if let other = entries[actor]?.session as? Session<Machine>, other.ending == nil { return other }
            entries = entries.filter { $0.value.session != nil }
            entries[actor] = Entry(session: session)
            return session
        }
    }

    private static func open(_ actor: ActorID) -> (any AnyObject & Sendable)? {
        entries.withLock { $0[actor]?.session }
    }
}
