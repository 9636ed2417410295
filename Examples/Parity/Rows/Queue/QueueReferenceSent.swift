import Roost

/// A mailbox's address is a value: it is sent to an actor that is running already.
struct QueueReferenceSent: ParityRow {
    let name = "queue-reference-sent"
    let system = "Queue"
    let what = "the queue is sent to a running process"
    let counted = "items"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let items = 10
        let producer = try await system.spawn(Producer.self)
        _ = try await producer.processID()
        let mailbox = try await system.makeMailbox(of: [UInt8].self)
        try await producer.produce(items, into: mailbox.address)
        mailbox.seal()
        var received = 0
        for try await _ in mailbox { received += 1 }
        return Results(received, of: items)
    }
}
