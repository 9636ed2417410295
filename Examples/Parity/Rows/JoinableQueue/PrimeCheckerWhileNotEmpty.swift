import Roost

/// The prime checker, with consumers that are there before the numbers are; nobody is killed.
struct PrimeCheckerWhileNotEmpty: ParityRow {
    let name = "prime-checker-while-not-empty"
    let system = "JoinableQueue"
    let what = "the prime checker, `while not empty()`"
    let counted = "runs"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let runs = 6
        var complete = 0
        for _ in 0..<runs where try await runOnce(system) { complete += 1 }
        return Results(complete, of: runs)
    }

    private func runOnce(_ system: ProcessActorSystem) async throws -> Bool {
        let queue = try await system.makeWorkQueue(of: Int.self)
        let answers = try await system.makeMailbox(of: Answer.self)
        let address = answers.address
        let consumers = (0..<4).map { _ in
            Task { try await system.spawn(JobConsumer.self).work(on: queue, into: address) }
        }
        try await queue.put(contentsOf: PrimeChecker.numbers)
        try await queue.drain()
        try await queue.finish()
        for consumer in consumers { try await consumer.value }
        return try await PrimeChecker.count(answers, PrimeChecker.numbers) == PrimeChecker.numbers.count
    }
}
