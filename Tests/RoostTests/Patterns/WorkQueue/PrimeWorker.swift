import Distributed
import Glibc
import RoostTesting

/// The numbers of the work-queue classic.
let classicNumbers = [2, 36, 101, 193, 323, 513, 1_327, 100_000, 9_999_999, 433_785_907]
let classicPrimes: Set<Int> = [2, 101, 193, 1_327, 433_785_907]

struct PrimeAnswer: Codable, Sendable, Hashable {
    var number: Int
    var isPrime: Bool
}

/// Says of numbers whether they are prime; dies of one of them, once.
distributed actor PrimeWorker: ProcessActor {
    struct Arguments: Codable, Sendable {
        var queue: WorkQueue<Int>
        var answers: MailboxAddress<PrimeAnswer>
        /// The number that kills its first worker.
        var poison: Int?
    }

    init(_ arguments: Arguments, actorSystem: ActorSystem) async throws {
        self.actorSystem = actorSystem
        let answers = try await arguments.answers.open()
        Task.detached {
            for try await delivery in arguments.queue.jobs() {
                let number = delivery.job
                if number == arguments.poison && !delivery.isRedelivered { kill(getpid(), SIGKILL) }
                try await answers.put(PrimeAnswer(number: number, isPrime: Self.isPrime(number)))
                try await delivery.acknowledge()
            }
        }
    }

    private static func isPrime(_ number: Int) -> Bool {
        if number < 4 { return number > 1 }
        var divisor = 2
        while divisor * divisor <= number {
            if number.isMultiple(of: divisor) { return false }
            divisor += 1
        }
        return true
    }
}
