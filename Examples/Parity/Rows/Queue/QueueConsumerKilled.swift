import Distributed
import Roost

/// A consumer is killed while it waits: who sends to it is told, and sends to the other one.
struct QueueConsumerKilled: ParityRow {
    let name = "queue-consumer-killed"
    let system = "Queue"
    let what = "a consumer is killed in get()"
    let counted = "items"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let items = 100
        let first = try await system.spawn(Consumer.self, options: SpawnOptions(restart: .temporary))
        let second = try await system.spawn(Consumer.self)
        var senders = [try await first.open().open(), try await second.open().open()]
        let waiting = Task { try await first.consume() }
        async let consumed = second.consume()
        try await system.kill(first)
        var notes: [String] = []
        for item in 0..<items {
            do {
                try await senders[0].put(item)
            } catch let error as RemoteCallError {
                notes.append("the sender is told: \(error.code)")
                senders.removeFirst()
                try await senders[0].put(item)
            }
        }
        try await senders[0].finish()
        _ = await waiting.result
        var results = Results(try await consumed, of: items)
        results.notes = notes
        return results
    }
}

/// Takes what comes into its mailbox.
distributed actor Consumer: ProcessActor {
    private var mailbox: Mailbox<Int>?

    distributed func open() async throws -> MailboxAddress<Int> {
        let mailbox = try await actorSystem.makeMailbox(of: Int.self)
        self.mailbox = mailbox
        return mailbox.address
    }

    /// Takes elements until their sender has finished; returns how many.
    distributed func consume() async throws -> Int {
        var count = 0
        guard let mailbox else { return count }
        mailbox.seal()
        for try await _ in mailbox { count += 1 }
        return count
    }
}
