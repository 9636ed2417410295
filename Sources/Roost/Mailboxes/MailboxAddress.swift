internal import Distributed
internal import RoostWire

/// Where to send elements to: the address of a ``Mailbox``, a value.
///
/// It can be sent in messages, through as many actors as one likes, and kept. Whoever wants to send opens it:
///
/// ```swift
/// let sender = try await address.open()
/// for line in lines { try await sender.send(line) }
/// try await sender.finish()
/// ```
/// An address does not keep its mailbox alive.
public struct MailboxAddress<Message: Codable & Sendable>: Codable, Sendable, Hashable,
    CustomStringConvertible
{
    let system: UInt64
    let key: ActorKey
    /// The system in this process; nil when the address was decoded outside of any.
    private let local: ProcessActorSystem?

    init(system: ProcessActorSystem, number: UInt32) {
        self.system = system.host.systemNumber
        key = ActorKey(owner: system.host.process, number: UInt64(number))
        local = system
    }

    /// Becomes one of the mailbox's senders; returns when the mailbox has agreed.
    ///
    /// It waits when the mailbox is full of elements of many senders that have finished.
    ///
    /// - Throws: ``RemoteCallError``: `.sealed` when the mailbox takes no new senders, `.terminated` when it is no
    ///   more or belongs to another system, `.mailboxFull` when it has 16,384 senders; `CancellationError`.
    public func open() async throws -> MailboxSender<Message> {
        guard let local else {
            throw error(.notDelivered, "the address was decoded outside of any system")
        }
        guard system == local.host.systemNumber else {
            throw error(.terminated, "the address belongs to another system, which may have ended")
        }
        let host = local.host
        guard
            let end = host.mailboxes.makeSending({ number in
                SendingEnd(number: number, receiver: key, name: description, host: host)
            })
        else { throw error(.terminated, "the system has been stopped") }
        try await end.open(as: host.senderName)
        return MailboxSender(end)
    }

    private func error(_ code: RemoteCallError.Code, _ message: String) -> RemoteCallError {
        RemoteCallError(code, actor: description, target: "open", message: message)
    }

    /// The type of the elements, and the mailbox's number.
    public var description: String { Self.name(of: key) }

    static func name(of key: ActorKey) -> String {
        "mailbox of \(_typeName(Message.self, qualified: false)) \(key)"
    }

    /// Whether two addresses lead to the same mailbox.
    public static func == (a: Self, b: Self) -> Bool { a.system == b.system && a.key == b.key }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(system)
        hasher.combine(key)
    }

    /// Writes the address: three numbers.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(system)
        try container.encode(key.owner)
        try container.encode(key.number)
    }

    /// Reads an address, and finds the system that decodes it.
    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        system = try container.decode(UInt64.self)
        let owner = try container.decode(UInt64.self)
        key = ActorKey(owner: owner, number: try container.decode(UInt64.self))
        local = decoder.userInfo[.actorSystemKey] as? ProcessActorSystem
    }
}

extension ActorHost {
    /// On whose behalf a mailbox is opened here: the actor being served, or the one the process is for.
    var senderName: SenderName {
        let actor = ActorContext.current.flatMap { localActor(for: $0.key) } ?? local(0)
        guard let actor else { return SenderName(actor: nil, name: "process \(process)") }
        var name = actor.name
        while name.utf8.count > ToMailbox.maximumName { name.removeLast() }
        return SenderName(actor: actor.key, name: name)
    }
}
