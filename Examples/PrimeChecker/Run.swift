import Roost

/// What has come of the numbers.
struct Run: Sendable {
    var answers: [Int: Bool] = [:]
    /// Answers that came again: their first worker died before the queue knew that they were there.
    var repeated = 0
    var kills = 0
    var status = WorkQueueStatus()
    var jobsPerSecond = 0

    /// Has the numbers checked.
    static func perform(_ arguments: Arguments, _ numbers: [Int]) async throws -> Run {
        var options = SystemOptions()
        options.crashReports = .silent
        return try await ProcessActorSystem.run(options) { system in
            // Who dies of chaos did not die of a number: there is no limit to the attempts.
            let queue = try await system.makeWorkQueue(of: Int.self, named: "numbers", attempts: 1_000_000)
            let answers = try await system.makeMailbox(of: Answer.self, capacity: 16_384)
            let checkers = try await startCheckers(arguments, system, queue, answers.address)
            let start = ContinuousClock.now
            let putting = Task { try await queue.put(contentsOf: numbers) }
            if arguments.chaos != nil { try await system.kill(checkers[0]) }
            let chaos = Task { try await kill(checkers, arguments, system, queue) }
            var run = Run()
            while run.answers.count < numbers.count, let answer = try await answers.next() {
                if run.answers.updateValue(answer.isPrime, forKey: answer.number) != nil { run.repeated += 1 }
            }
            chaos.cancel()
            run.kills = try await chaos.value
            try await putting.value
            try await queue.drain()
            let seconds = start.duration(to: .now) / .seconds(1)
            run.jobsPerSecond = Int(Double(numbers.count) / seconds)
            run.status = try await queue.status()
            return run
        }
    }

    private static func startCheckers(
        _ arguments: Arguments, _ system: ProcessActorSystem, _ queue: WorkQueue<Int>,
        _ answers: MailboxAddress<Answer>
    ) async throws -> [Checker] {
        let options = SpawnOptions(intensity: RestartIntensity(restarts: 1_000_000), backoff: .none)
        let start = Checker.Arguments(numbers: queue, answers: answers, prefetch: arguments.prefetch)
        var checkers: [Checker] = []
        for number in 1...arguments.workers {
            checkers.append(
                try await system.spawn(Checker.self, named: "checker-\(number)", start, options: options))
        }
        return checkers
    }

    /// Kills more of them, each time some more numbers are done; returns how many were killed in all.
    private static func kill(
        _ checkers: [Checker], _ arguments: Arguments, _ system: ProcessActorSystem, _ queue: WorkQueue<Int>
    ) async throws -> Int {
        guard let seed = arguments.chaos else { return 0 }
        var random = Seeded(state: seed)
        var kills = 1
        let step = max(1, arguments.numbers.count / 50)
        do {
            while true {
                while try await queue.status().acknowledged < kills * step {
                    try await Task.sleep(for: .milliseconds(1))
                }
                try await system.kill(checkers[Int.random(in: checkers.indices, using: &random)])
                kills += 1
            }
        } catch is CancellationError {
            return kills
        }
    }
}
