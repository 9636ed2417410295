import Roost

/// A producer is killed when its puts have returned: what was put is there.
struct QueuePutsThenKilled: ParityRow {
    let name = "queue-puts-then-killed"
    let system = "Queue"
    let what = "the producer is killed after 1,000 puts"
    let counted = "items"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let items = 1_000
        let mailbox = try await system.makeMailbox(of: [UInt8].self, capacity: items)
        let producer = try await system.spawn(Producer.self, named: "producer")
        do {
            try await producer.putThenDie(items, into: mailbox.address)
        } catch let error as RemoteCallError where error.code == .interrupted {
            // As it should: it is dead.
        }
        mailbox.seal()
        var received = 0
        for try await _ in mailbox { received += 1 }
        var results = Results(received, of: items)
        for await loss in mailbox.senderLosses { results.notes.append("\(loss)") }
        return results
    }
}
