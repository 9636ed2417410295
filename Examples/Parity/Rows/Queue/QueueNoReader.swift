import Roost

/// Nobody reads: the producer waits when the mailbox is full, and goes on when somebody does.
struct QueueNoReader: ParityRow {
    let name = "queue-no-reader"
    let system = "Queue"
    let what = "200 MB are put, and nobody reads"
    let counted = "bounded"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let items = 200
        let mailbox = try await system.makeMailbox(of: [UInt8].self)
        let address = mailbox.address
        let producer = try await system.spawn(Producer.self)
        let processes = [try await producer.processID(), Machine.processID]
        let before = Machine.megabytes(of: processes)
        async let producing: Void = producer.produceAndEnd(items, of: 1_000_000, into: address)
        // As long as it takes Python to put everything.
        try await Task.sleep(for: .milliseconds(300))
        let grown = Machine.megabytes(of: processes) - before

        var received = 0
        while received < items, try await mailbox.next() != nil { received += 1 }
        try await producing
        return Results(
            grown < 64 && received == items ? 1 : 0, of: 1,
            "\(grown) MB more memory; then \(received) of \(items) items are read")
    }
}
