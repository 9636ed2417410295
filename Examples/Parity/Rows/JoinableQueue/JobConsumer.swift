import Distributed
import Glibc
import Roost

/// Takes jobs out of a queue, and says which it has done.
distributed actor JobConsumer: ProcessActor {
    /// Works until the queue is finished; is killed at its `killedAt`-th job, before that is done.
    distributed func work(
        on queue: WorkQueue<Int>, into done: MailboxAddress<Answer>, killedAt: Int? = nil
    ) async throws {
        let sender = try await done.open()
        var served = 0
        for try await delivery in queue.jobs() {
            served += 1
            if served == killedAt { kill(getpid(), SIGKILL) }
            try await sender.put(Answer(number: delivery.job, isPrime: PrimeChecker.isPrime(delivery.job)))
            try await delivery.acknowledge()
        }
        try await sender.finish()
    }
}

/// What is known of a number.
struct Answer: Codable, Sendable, Hashable {
    var number: Int
    var isPrime: Bool
}

/// The classic of work queues.
enum PrimeChecker {
    static let numbers = [2, 36, 101, 193, 323, 513, 1_327, 100_000, 9_999_999, 433_785_907]

    static func isPrime(_ number: Int) -> Bool {
        if number.isMultiple(of: 2) { return number == 2 }
        var divisor = 3
        while divisor * divisor <= number {
            if number.isMultiple(of: divisor) { return false }
            divisor += 2
        }
        return number > 1
    }

    /// Has jobs done by two consumers, the first of which is killed at its `killedAt`-th; counts the answers, none of
    /// which may come twice.
    static func check(
        _ numbers: [Int], firstIsKilledAt killedAt: Int, _ system: ProcessActorSystem
    ) async throws -> Results {
        let queue = try await system.makeWorkQueue(of: Int.self)
        let answers = try await system.makeMailbox(of: Answer.self)
        let address = answers.address
        try await queue.put(contentsOf: numbers)
        let first = try await system.spawn(JobConsumer.self, named: "first")
        var notes: [String] = []
        do {
            try await first.work(on: queue, into: address, killedAt: killedAt)
        } catch let error as RemoteCallError where error.code == .interrupted {
            if let reason = error.exitReason { notes.append("the first consumer \(reason)") }
        }
        let second = try await system.spawn(JobConsumer.self, named: "second")
        async let working: Void = second.work(on: queue, into: address)
        try await queue.drain()
        notes.append("drain() returned")
        try await queue.finish()
        try await working
        var results = Results(try await count(answers, numbers), of: numbers.count)
        results.notes = notes
        return results
    }

    /// How many of the numbers have exactly one answer.
    static func count(_ answers: Mailbox<Answer>, _ numbers: [Int]) async throws -> Int {
        answers.seal()
        var found: [Int: Int] = [:]
        for try await answer in answers { found[answer.number, default: 0] += 1 }
        return numbers.count { found[$0] == 1 }
    }
}
