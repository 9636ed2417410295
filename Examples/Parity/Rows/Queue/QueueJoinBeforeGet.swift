import Roost

/// The producer has ended before the first item is taken out: they are in the mailbox.
struct QueueJoinBeforeGet: ParityRow {
    let name = "queue-join-before-get"
    let system = "Queue"
    let what = "join() before get()"
    let counted = "items"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let items = 100
        let mailbox = try await system.makeMailbox(of: [UInt8].self)
        let producer = try await system.spawn(Producer.self, options: SpawnOptions(restart: .temporary))
        let end = try await system.watch(producer)
        try await producer.produceAndEnd(items, of: 10_000, into: mailbox.address)
        let reason = try await end.value
        mailbox.seal()
        var received = 0
        for try await _ in mailbox { received += 1 }
        return Results(received, of: items, "the producer \(reason)")
    }
}
