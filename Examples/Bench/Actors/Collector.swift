import Distributed
import Roost

/// Has a mailbox, and takes out what others send there.
distributed actor Collector: ProcessActor {
    private var mailbox: Mailbox<[UInt8]>?

    /// Makes a mailbox; the one before is dropped.
    distributed func makeMailbox(capacity: Int) async throws -> MailboxAddress<[UInt8]> {
        let mailbox = try await actorSystem.makeMailbox(of: [UInt8].self, capacity: capacity)
        self.mailbox = mailbox
        return mailbox.address
    }

    /// Takes out so many elements, and says what they were and when the last one had come.
    distributed func collect(_ count: Int) async throws -> Collection {
        var tally = Tally()
        guard let mailbox else { return Collection(tally: tally, end: Clock.now) }
        for _ in 0..<count {
            guard let element = try await mailbox.next() else { break }
            tally.add(element)
        }
        return Collection(tally: tally, end: Clock.now)
    }
}

/// What a ``Collector`` has taken out.
struct Collection: Codable, Sendable {
    var tally: Tally
    /// When the last element had been taken out.
    var end: UInt64
}
