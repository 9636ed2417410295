import Roost

/// An item that cannot be encoded is refused where it is sent.
struct QueueUnencodable: ParityRow {
    let name = "queue-unencodable"
    let system = "Queue"
    let what = "one item of ten cannot be encoded"
    let counted = "items told of"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let mailbox = try await system.makeMailbox(of: Item.self)
        let producer = try await system.spawn(Producer.self)
        let refused = try await producer.produceItems(Array(0..<10), into: mailbox.address)
        mailbox.seal()
        var received = 0
        for try await _ in mailbox { received += 1 }
        return Results(received + refused, of: 10, "\(received) arrived, send() refused \(refused)")
    }
}
