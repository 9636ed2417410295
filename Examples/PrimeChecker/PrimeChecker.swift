import Distributed
import Glibc
import Roost

// The work-queue classic: which numbers are prime? They stand in a queue, and workers, each a process, take them one
// after another. With --chaos workers are killed while they are at it; every number has its answer nevertheless.

/// A number, and whether it is prime.
struct Answer: Codable, Sendable {
    var number: Int
    var isPrime: Bool
}

/// Answers for numbers as long as there are any; from its start on, and again after each restart.
distributed actor Checker: ProcessActor {
    struct Arguments: Codable, Sendable {
        var numbers: WorkQueue<Int>
        var answers: MailboxAddress<Answer>
        /// How many numbers it takes at a time.
        var prefetch: Int
    }

    init(_ arguments: Arguments, actorSystem: ActorSystem) async throws {
        self.actorSystem = actorSystem
        let answers = try await arguments.answers.open()
        Task.detached { try await Self.work(arguments, answers) }
    }

    private static func work(_ arguments: Arguments, _ answers: MailboxSender<Answer>) async throws {
        for try await delivery in arguments.numbers.jobs(prefetch: arguments.prefetch) {
            let number = delivery.job
            // When it is acknowledged its answer is safe, whatever becomes of this process.
            try await answers.put(Answer(number: number, isPrime: Primes.contain(number)))
            try await delivery.acknowledge()
        }
        try await answers.finish()
    }
}

@main struct PrimeChecker {
    static func main() async throws {
        let arguments: Arguments
        do {
            arguments = try Arguments(CommandLine.arguments.dropFirst())
        } catch {
            print("\(error)\n\(Arguments.usage)")
            exit(2)
        }
        let numbers = arguments.numbers
        let run = try await Run.perform(arguments, numbers)
        if arguments.count == nil {
            for number in numbers {
                let answer = run.answers[number].map { $0 ? "prime" : "not prime" }
                print(number, answer ?? "has no answer")
            }
        }
        let wrong = numbers.count { run.answers[$0] != Primes.contain($0) }
        print("\(numbers.count) numbers, \(run.answers.values.count { $0 }) prime, \(wrong) wrong or missing")
        if arguments.isMeasured {
            print(
                "\(run.kills) kills, \(run.status.redeliveries) jobs given out again, "
                    + "\(run.repeated) answered twice, \(run.status.dead) given up")
            print("\(run.jobsPerSecond) jobs/s")
        }
        exit(wrong == 0 && run.status.dead == 0 ? 0 : 1)
    }
}
