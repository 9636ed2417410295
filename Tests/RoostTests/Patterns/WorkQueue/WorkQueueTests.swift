import Distributed
import Glibc
import RoostTesting
import Testing

extension PatternTests {
    @Suite struct WorkQueueTests {
        private func numbers(_ reports: [ChoreReport]) -> [Int] { reports.map(\.number) }

        /// Takes reports until there are so many.
        private func reports(_ count: Int, from mailbox: Mailbox<ChoreReport>) async throws -> [ChoreReport] {
            var reports: [ChoreReport] = []
            while reports.count < count, let report = try await mailbox.next() { reports.append(report) }
            return reports
        }

        private func startWorkers(
            _ count: Int, _ test: TestSystem, _ queue: WorkQueue<Chore>, _ reports: Mailbox<ChoreReport>,
            prefetch: Int = 1, options: SpawnOptions? = nil
        ) async throws -> [ChoreWorker] {
            let often = SpawnOptions(intensity: RestartIntensity(restarts: 1_000), backoff: .none)
            var workers: [ChoreWorker] = []
            for number in 0..<count {
                let arguments = ChoreWorker.Arguments(
                    queue: queue, reports: reports.address, name: "worker-\(number)", prefetch: prefetch)
                workers.append(
                    try await test.spawn(
                        ChoreWorker.self, named: "worker-\(number)", arguments, options: options ?? often))
            }
            return workers
        }

        // MARK: Without accidents

        @Test func `jobs are done once each, by several, and the loops end when the queue is finished`()
            async throws
        {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self)
                let users = [try await test.spawn(QueueUser.self), try await test.spawn(QueueUser.self)]
                async let first = users[0].workUntilFinished(queue, prefetch: 1)
                async let second = users[1].workUntilFinished(queue, prefetch: 16)
                try await queue.put(contentsOf: (0..<3_000).map { Chore(number: $0) })
                try await queue.drain()
                let drained = try await queue.status()
                #expect(drained.acknowledged == 3_000)
                #expect(drained.unsettled == 0)
                try await queue.finish()
                let (one, other) = try await (first, second)
                #expect(one + other == 3_000)
                let error: RemoteCallError? = await caught { try await queue.put(Chore(number: 0)) }
                #expect(error?.code == .finished)
                #expect(error?.actor == queue.id.name)
            }
        }

        @Test func `a queue is found by name, supervised as a child, and used from a worker and in the node`()
            async throws
        {
            try await withTestSystem { test in
                let tree = Supervisor("work", strategy: .oneForOne) {
                    Child(WorkQueue<Chore>.self, named: "chores", WorkQueueOptions(capacity: 50))
                }
                _ = try await test.system.start(tree)
                let queue = try await test.system.find(WorkQueue<Chore>.self, named: "chores")
                let user = try await test.spawn(QueueUser.self)
                try await user.put(20, into: queue)
                var taken: [Int] = []
                for try await delivery in queue.jobs(prefetch: 4) {
                    taken.append(delivery.job.number)
                    #expect(delivery.attempt == 1)
                    #expect(!delivery.isRedelivered)
                    try await delivery.confirm()
                    if taken.count == 20 { break }
                }
                #expect(taken == Array(0..<20))
                // Its process has the last one, and reads it soon.
                try await until { try await queue.status().acknowledged == 20 }
            }
        }

        @Test func `a queue made in the node works the same way`() async throws {
            try await withTestSystem { test in
                let queue = WorkQueue<Chore>(WorkQueueOptions(), actorSystem: test.system)
                let user = try await test.spawn(QueueUser.self)
                async let count = user.workUntilFinished(queue, prefetch: 8)
                try await queue.put(contentsOf: (0..<500).map { Chore(number: $0) })
                try await queue.put(Chore(number: 500))
                try await queue.drain()
                try await queue.finish()
                let done = try await count
                #expect(done == 501)
            }
        }

        @Test func `a full queue of one job lets producers wait, and gives jobs on in order`() async throws {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self, capacity: 1)
                let putting = Task { try await queue.put(contentsOf: (0..<200).map { Chore(number: $0) }) }
                for try await delivery in queue.jobs() {
                    let number = delivery.job.number
                    try await delivery.confirm()
                    if number == 199 { break }
                }
                try await putting.value
                try await until { try await queue.status().acknowledged == 200 }
            }
        }

        @Test func `with a consumer that stalls, a producer waits and memory stays flat`() async throws {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(
                    of: [UInt8].self, named: "large", capacity: 16)
                let signal = Signal(actorSystem: test.system)
                let user = try await test.spawn(QueueUser.self)
                var jobs = queue.jobs().makeAsyncIterator()
                // 200 MB, of which there is room for a tenth.
                let putting = Task { try await user.putLarge(200, 1 << 20, into: queue, signal) }
                try await signal.waitFor("putting")
                let process = try #require(try await test.processID(of: "large"))
                var most = 0
                for _ in 0..<200 {
                    let delivery = try await jobs.next()
                    #expect(delivery?.job.count == 1 << 20)
                    most = max(most, residentKibibytes(of: process))
                    try await delivery?.acknowledge()
                }
                try await putting.value
                try await queue.drain()
                #expect(most < 100 * 1_024)
            }
        }

        @Test(.timeLimit(.minutes(1))) func `two consumers that have room have the same share`() async throws
        {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self)
                let users = [try await test.spawn(QueueUser.self), try await test.spawn(QueueUser.self)]
                // Each has room for all, and waits for half.
                async let first = users[0].take(50, of: queue, prefetch: 100)
                async let second = users[1].take(50, of: queue, prefetch: 100)
                while try await queue.status().consumers < 2 { await Task.yield() }
                try await queue.put(contentsOf: (0..<100).map { Chore(number: $0) })
                let shares = try await [first, second]
                #expect(Set(shares.flatMap(\.self)) == Set(0..<100))
                #expect(shares.allSatisfy { $0 == $0.sorted() })
            }
        }

        // MARK: Jobs that are not done

        @Test func `a job that is rejected, forgotten or given back is done in the end`() async throws {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self)
                let results = try await test.system.makeMailbox(of: ChoreReport.self)
                _ = try await startWorkers(2, test, queue, results)
                let behaviours: [Chore.Behaviour] = [.rejectFirst, .forgetFirst, .giveBackFirst, .work]
                try await queue.put(
                    contentsOf: behaviours.enumerated().map { Chore(number: $0, behaviour: $1) })
                try await queue.drain()
                let done = try await reports(4, from: results).sorted { $0.number < $1.number }
                #expect(numbers(done) == [0, 1, 2, 3])
                #expect(done.map(\.attempt) == [2, 2, 1, 1])
                #expect(done.map(\.isRedelivered) == [true, true, true, false])
                #expect(try await queue.status().redeliveries == 3)
            }
        }

        @Test
        func `a job that kills whoever does it is a dead letter after so many attempts, with the reasons`()
            async throws
        {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self, attempts: 3)
                let results = try await test.system.makeMailbox(of: ChoreReport.self)
                _ = try await startWorkers(2, test, queue, results)
                try await queue.put(
                    contentsOf: [
                        Chore(number: 0), Chore(number: 1, behaviour: .killAlways),
                        Chore(number: 2, behaviour: .exitAlways(3)),
                        Chore(number: 3, behaviour: .rejectAlways),
                        Chore(number: 4, behaviour: .giveUp), Chore(number: 5),
                    ])
                try await queue.drain()
                try await queue.finish()
                var dead: [Int: [JobFailure]] = [:]
                for try await letter in queue.deadLetters { dead[letter.job.number] = letter.failures }
                #expect(dead.keys.sorted() == [1, 2, 3, 4])
                #expect(dead[1]?.map(\.cause) == Array(repeating: .ended(.crashed(signal: 9)), count: 3))
                #expect(dead[2]?.map(\.cause) == Array(repeating: .ended(.exited(code: 3)), count: 3))
                #expect(dead[3]?.map(\.cause) == Array(repeating: .rejected("never"), count: 3))
                #expect(dead[4]?.map(\.cause) == [.rejected("nobody can")])
                for failures in dead.values {
                    #expect(failures.allSatisfy { $0.consumer.hasPrefix("worker-") })
                }
                #expect(Set(numbers(try await reports(2, from: results))) == [0, 5])
            }
        }

        @Test func `of several jobs that a consumer had, only the one that kills becomes a dead letter`()
            async throws
        {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self, attempts: 2)
                let results = try await test.system.makeMailbox(of: ChoreReport.self)
                _ = try await startWorkers(2, test, queue, results, prefetch: 8)
                try await queue.put(
                    contentsOf: (0..<60).map { Chore(number: $0, behaviour: $0 == 20 ? .killAlways : .work) })
                try await queue.drain()
                let status = try await queue.status()
                #expect(status.dead == 1)
                #expect(status.acknowledged == 59)
                var letters = queue.deadLetters.makeAsyncIterator()
                let letter = try await letters.next()
                #expect(letter?.job.number == 20)
                #expect(
                    letter?.failures.map(\.cause) == Array(repeating: .ended(.crashed(signal: 9)), count: 2))
            }
        }

        @Test func `a job that cannot be encoded throws at the caller, and the next one is put`() async throws
        {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Fussy.self)
                let error: RemoteCallError? = await caught { try await queue.put(Fussy(number: 13)) }
                #expect(error?.code == .unencodable)
                try await queue.put(Fussy(number: 1))
                #expect(try await queue.status().waiting == 1)
            }
        }

        // MARK: Consumers that go

        @Test func `the jobs of a loop that is left go back, and what it had begun may be settled yet`()
            async throws
        {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self)
                try await queue.put(contentsOf: (0..<10).map { Chore(number: $0) })
                var kept: JobDelivery<Chore>?
                for try await delivery in queue.jobs(prefetch: 5) {
                    kept = delivery
                    break
                }
                #expect(kept?.job.number == 0)
                let user = try await test.spawn(QueueUser.self)
                #expect(Set(try await user.take(9, of: queue, prefetch: 9)) == Set(1..<10))
                #expect(try await queue.status().leased == 10)
                try await kept?.confirm()
                try await user.acknowledgeAll()
                try await queue.drain()
                let status = try await queue.status()
                #expect(status.acknowledged == 10)
                #expect(status.dead == 0)
            }
        }

        @Test func `a consumer that is cancelled while it waits gives back what it had`() async throws {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self)
                let consumer = Task { () -> Bool in
                    do {
                        for try await _ in queue.jobs(prefetch: 3) {}
                        return false
                    } catch is CancellationError {
                        return true
                    }
                }
                while try await queue.status().consumers < 1 { await Task.yield() }
                consumer.cancel()
                #expect(try await consumer.value)
                try await queue.put(contentsOf: (0..<5).map { Chore(number: $0) })
                let user = try await test.spawn(QueueUser.self)
                #expect(Set(try await user.take(5, of: queue, prefetch: 5)) == Set(0..<5))
            }
        }

        @Test func `a delivery of which the settling is cancelled may be settled again, or is tried again`()
            async throws
        {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self)
                try await queue.put(contentsOf: [Chore(number: 0), Chore(number: 1)])
                var jobs = queue.jobs(prefetch: 2).makeAsyncIterator()
                let first = try #require(try await jobs.next())
                var second = try await jobs.next()
                for delivery in [first, try #require(second)] {
                    let rejecting = Task {
                        unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                        try await delivery.reject("cancelled")
                    }
                    let error: CancellationError? = await caught { try await rejecting.value }
                    #expect(error != nil)
                }
                try await first.confirm()
                second = nil
                second = try await jobs.next()
                #expect(second?.job.number == 1)
                #expect(second?.isRedelivered == true)
                try await second?.confirm()
                try await queue.drain()
            }
        }

        @Test
        func
            `JoinableQueue: what a killed consumer had, waiting or begun, is done by others, and the queue drains`()
            async throws
        {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self)
                let options = SpawnOptions(restart: .temporary)
                let victim = try await test.spawn(QueueUser.self, options: options)
                try await queue.put(contentsOf: (0..<10).map { Chore(number: $0) })
                #expect(try await victim.take(3, of: queue, prefetch: 6) == [0, 1, 2])
                try await test.kill(victim)
                let other = try await test.spawn(QueueUser.self)
                let done = try await other.workUntilEmpty(queue, count: 10)
                #expect(done == Array(0..<10))
                try await queue.drain()
                #expect(try await queue.status().redeliveries == 6)
            }
        }

        @Test func `a consumer that is stopped is killed after the grace, and its job done by another`()
            async throws
        {
            var options = SystemOptions()
            options.stoppedGrace = .milliseconds(200)
            try await withTestSystem(options: options) { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self)
                let results = try await test.system.makeMailbox(of: ChoreReport.self)
                _ = try await startWorkers(
                    1, test, queue, results, options: SpawnOptions(restart: .temporary))
                try await queue.put(Chore(number: 1, behaviour: .holdFirst))
                let held = try #require(try await results.next())
                #expect(held.isHeld)
                Processes.signal(held.process, SIGSTOP)
                let user = try await test.spawn(QueueUser.self)
                #expect(try await user.workUntilEmpty(queue, count: 1) == [1])
                #expect(try await queue.status().redeliveries == 1)
            }
        }

        // MARK: Producers that go

        @Test func `every put that returned survives its producer`() async throws {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self, capacity: 100_000)
                let counts = try await test.system.makeMailbox(of: Int.self)
                let options = SpawnOptions(restart: .temporary)
                let producer = try await test.spawn(QueueUser.self, options: options)
                let putting = Task { try await producer.putForEver(into: queue, counts.address) }
                var told = 0
                while told < 200, let count = try await counts.next() { told = count }
                try await test.kill(producer)
                counts.seal()
                for try await count in counts { told = count }
                _ = await putting.result
                var waiting = 0
                for try await delivery in queue.jobs() {
                    #expect(delivery.job.number == waiting)
                    waiting += 1
                    try await delivery.acknowledge()
                    if waiting == told { break }
                }
                #expect(waiting == told)
            }
        }

        @Test func `a producer that is killed inside a large put leaves only what is whole`() async throws {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: [UInt8].self, capacity: 4)
                let signal = Signal(actorSystem: test.system)
                let options = SpawnOptions(restart: .temporary)
                let producer = try await test.spawn(QueueUser.self, options: options)
                let putting = Task { try await producer.putLarge(20, 50_000_000, into: queue, signal) }
                try await signal.waitFor("putting")
                while try await queue.status().waiting == 0 { await Task.yield() }
                try await test.kill(producer)
                _ = await putting.result
                // There may be no room for it before somebody takes.
                async let put: Void = queue.put([1])
                var sizes: [Int] = []
                for try await delivery in queue.jobs() {
                    sizes.append(delivery.job.count)
                    try await delivery.acknowledge()
                    if delivery.job.count == 1 { break }
                }
                try await put
                #expect(sizes.last == 1)
                #expect(sizes.dropLast().allSatisfy { $0 == 50_000_000 })
            }
        }

        @Test func `a put that waits for room can be cancelled`() async throws {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self, capacity: 1)
                try await queue.put(Chore(number: 0))
                let putting = Task { try await queue.put(Chore(number: 1)) }
                while try await queue.status().waitingProducers < 1 { await Task.yield() }
                putting.cancel()
                let error: CancellationError? = await caught { try await putting.value }
                #expect(error != nil)
            }
        }

        // MARK: The queue goes

        @Test func `when the queue is killed those who wait are told why, and the next incarnation is new`()
            async throws
        {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self, capacity: 1)
                let signal = Signal(actorSystem: test.system)
                let user = try await test.spawn(QueueUser.self)
                try await queue.put(Chore(number: 0))
                async let loop = user.outcomeOfLoop(over: queue, signal)
                try await signal.waitFor("waiting")
                try await queue.put(Chore(number: 1))
                let epoch = try await queue.status().epoch
                let draining = Task { try await queue.drain() }
                while try await queue.status().waitingDrains < 1 { await Task.yield() }
                let putting = Task { try await queue.put(contentsOf: (2..<9).map { Chore(number: $0) }) }
                while try await queue.status().waitingProducers < 1 { await Task.yield() }
                try await test.kill(queue)
                for task in [draining, putting] {
                    let error: RemoteCallError? = await caught { try await task.value }
                    #expect(error?.code == .interrupted)
                    #expect(error?.exitReason == .killed(by: .user))
                    #expect(error?.actor == queue.id.name)
                }
                let outcome = try await loop
                #expect(outcome == "interrupted: was killed (user)")
                try await queue.put(Chore(number: 0))
                let status = try await queue.status()
                #expect(status.waiting == 1)
                #expect(status.epoch != epoch)
            }
        }

        @Test func `a drain without consumers ends with an error when the queue is stopped`() async throws {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self)
                try await queue.put(contentsOf: [Chore(number: 0), Chore(number: 1)])
                let (readers, reader) = AsyncStream<Int>.makeStream()
                let reading = Task {
                    for try await letter in queue.deadLetters { reader.yield(letter.job.number) }
                }
                let consuming = Task {
                    var jobs = queue.jobs().makeAsyncIterator()
                    try await jobs.next()?.reject(isRetried: false)
                    let held = try await jobs.next()
                    #expect(held?.job.number == 1)
                    _ = try await jobs.next()
                    try await held?.acknowledge()
                }
                for await number in readers {
                    #expect(number == 0)
                    break
                }
                while try await queue.status().leased < 1 { await Task.yield() }
                let draining = Task { try await queue.drain() }
                while try await queue.status().waitingDrains < 1 { await Task.yield() }
                try await test.system.stop(queue)
                for task in [draining, reading, consuming] {
                    let error: RemoteCallError? = await caught { try await task.value }
                    #expect(error?.code == .interrupted)
                    #expect(error?.exitReason == .shutdown)
                }
                let error: RemoteCallError? = await caught { try await queue.put(Chore(number: 1)) }
                #expect(error?.code == .terminated || error?.code == .interrupted)
            }
        }

        @Test func `a drain can be cancelled`() async throws {
            try await withTestSystem { test in
                let queue = try await test.system.makeWorkQueue(of: Chore.self)
                try await queue.put(Chore(number: 0))
                let draining = Task { try await queue.drain() }
                draining.cancel()
                let error: CancellationError? = await caught { try await draining.value }
                #expect(error != nil)
                var jobs = queue.jobs().makeAsyncIterator()
                try await jobs.next()?.confirm()
                try await queue.drain()
            }
        }
    }
}

/// A job that cannot be encoded when it is 13.
struct Fussy: Codable, Sendable {
    var number: Int

    init(number: Int) { self.number = number }

    func encode(to encoder: any Encoder) throws {
        if number == 13 { throw Broken(why: "thirteen") }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(number, forKey: .number)
    }
}
