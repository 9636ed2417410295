import Distributed
import Glibc
import RoostTesting
import Testing

extension PatternTests {
    @Suite(.serialized) struct WorkQueueChaosTests {
        private let often = SpawnOptions(intensity: RestartIntensity(restarts: 100_000), backoff: .none)

        @Test(arguments: classicNumbers)
        func
            `JoinableQueue: the prime checker with a consumer killed at any job has ten results of ten, none twice`(
                poison: Int
            ) async throws
        {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Int.self)
                let answers = try await test.system.makeMailbox(of: PrimeAnswer.self)
                for number in 0..<2 {
                    let arguments = PrimeWorker.Arguments(
                        queue: queue, answers: answers.address, poison: poison)
                    _ = try await test.spawn(
                        PrimeWorker.self, named: "prime-\(number)", arguments, options: often)
                }
                try await queue.put(contentsOf: classicNumbers)
                try await queue.drain()
                var results: [PrimeAnswer] = []
                while results.count < 10, let answer = try await answers.next() { results.append(answer) }
                #expect(results.map(\.number).sorted() == classicNumbers.sorted())
                #expect(Set(results.filter(\.isPrime).map(\.number)) == classicPrimes)
                let status = try await queue.status()
                #expect(status.acknowledged == 10)
                #expect(status.redeliveries == 1)
            }
        }

        @Test(arguments: [1, 2] as [UInt64])
        func `JoinableQueue: of 5,000 jobs each is acknowledged once or dead, whoever is killed`(seed: UInt64)
            async throws
        {
            try await withTestSystem(seed: seed) { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self, attempts: 3)
                let results = try await test.system.makeMailbox(of: ChoreReport.self)
                var workers: [ChoreWorker] = []
                for number in 0..<4 {
                    let arguments = ChoreWorker.Arguments(
                        queue: queue, reports: results.address, name: "worker-\(number)",
                        prefetch: [1, 2, 8, 32][number])
                    workers.append(
                        try await test.spawn(
                            ChoreWorker.self, named: "worker-\(number)", arguments, options: often))
                }
                var random = test.random
                let chores = (0..<5_000).map { number in
                    let draw = Int.random(in: 0..<1_000, using: &random)
                    return Chore(
                        number: number,
                        behaviour: draw == 0
                            ? .killAlways : draw < 10 ? .killFirst : draw < 20 ? .rejectFirst : .work)
                }
                async let putting: Void = queue.put(contentsOf: chores)
                let reading = Task { () -> Set<Int> in
                    var done: Set<Int> = []
                    for try await report in results { done.insert(report.number) }
                    return done
                }
                for _ in 0..<40 {
                    let before = try await queue.status()
                    try await test.kill(workers[Int.random(in: 0..<4, using: &random)])
                    // The next one when something has been done since.
                    while true {
                        let now = try await queue.status()
                        if now.acknowledged > before.acknowledged + 20 || now.acknowledged + now.dead > 4_900
                        {
                            break
                        }
                    }
                }
                try await putting
                try await queue.drain()
                try await queue.finish()
                var dead: Set<Int> = []
                for try await letter in queue.deadLetters { dead.insert(letter.job.number) }
                let status = try await queue.status()
                #expect(status.acknowledged + status.dead == 5_000)
                #expect(status.dead == dead.count)
                results.seal()
                for worker in workers { try await test.system.stop(worker) }
                let done = try await reading.value
                #expect(done.union(dead) == Set(0..<5_000))
                let poison = chores.filter { $0.behaviour == .killAlways }.map(\.number)
                #expect(dead.isSuperset(of: poison))
                print("chaos, seed \(seed): \(status.redeliveries) redeliveries, \(dead.count) dead")
            }
        }

        @Test func `from the kill of a consumer to its job done by another takes less than 50 ms`()
            async throws
        {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self)
                let results = try await test.system.makeMailbox(of: ChoreReport.self)
                for number in 0..<2 {
                    let arguments = ChoreWorker.Arguments(
                        queue: queue, reports: results.address, name: "worker-\(number)")
                    _ = try await test.spawn(
                        ChoreWorker.self, named: "worker-\(number)", arguments, options: often)
                }
                var times: [Duration] = []
                for number in 0..<40 {
                    try await queue.put(Chore(number: number, behaviour: .holdFirst))
                    let held = try #require(try await results.next())
                    #expect(held.isHeld)
                    let start = ContinuousClock.now
                    Processes.signal(held.process, SIGKILL)
                    try await queue.drain()
                    times.append(start.duration(to: .now))
                    let done = try await results.next()
                    #expect(done?.number == number)
                    #expect(done?.isRedelivered == true)
                }
                times.sort()
                print("work queue: kill → completed retry, p50 \(times[20]), p95 \(times[38])")
                #expect(times[20] < Machine.limit(.milliseconds(50)))
            }
        }
    }
}
