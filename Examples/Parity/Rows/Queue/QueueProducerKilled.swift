import Roost

/// A producer is killed with an element of 50 MB under way: the element is dropped, and that is all.
struct QueueProducerKilled: ParityRow {
    let name = "queue-producer-killed"
    let system = "Queue"
    let what = "a producer is killed in a put of 50 MB"
    let counted = "others' items"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let items = 10
        let mailbox = try await system.makeMailbox(of: [UInt8].self)
        let address = mailbox.address
        let large = try await system.spawn(Producer.self, named: "large")
        let sending = Task { try await large.sendLarge(of: 50_000_000, into: address) }
        // The element before the large one.
        _ = try await mailbox.next()
        try await system.kill(large)
        _ = await sending.result

        let small = try await system.spawn(Producer.self, named: "small")
        try await small.produce(items, into: address)
        mailbox.seal()
        var received = 0
        for try await element in mailbox where element.count == 8 { received += 1 }
        var results = Results(received, of: items)
        for await loss in mailbox.senderLosses { results.notes.append("\(loss)") }
        return results
    }
}
