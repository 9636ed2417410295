import Distributed
import Glibc
import Roost
import RoostTesting
import Testing

extension PatternTests {
    /// The rows `Pool` and `ProcessPoolExecutor` of the comparison: what becomes of a pool when processes are killed.
    @Suite struct PoolLossTests {
        @Test func `Pool: a worker killed in a task, its result comes, and draining and stopping return`()
            async throws
        {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                let pool = try await test.system.makePool(of: PoolHand.self, size: 2)
                let task = try await pool.submit(.holdOnce("task", 7, witness))
                let other = try await pool.submit(.number(8))
                let victim = try await witness.processID(of: "task")
                #expect(task.state == .running)
                kill(victim, SIGKILL)
                #expect(try await task.value == 7)
                #expect(try await other.value == 8)
                #expect(try await witness.processID(of: "task", 2) != victim)
                await pool.drain()
                await pool.stop()
            }
        }

        @Test func `Pool: an idle worker killed is replaced and nothing wedges`() async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolHand.self, size: 2)
                for round in 1...5 {
                    let before = try await test.system.processes().filter(\.isReady).compactMap(\.processID)
                    for process in before { kill(process, SIGKILL) }
                    for number in 0..<20 { #expect(try await pool.perform(.number(number)) == number) }
                    try await test.events.wait(for: "ready", count: 2 + 2 * round) { $0.kind == .ready }
                }
                #expect(try await pool.statistics.failed == 0)
                await pool.drain()
                await pool.stop()
            }
        }

        @Test func `ProcessPoolExecutor: forty tasks and one killed are forty results`() async throws {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                let pool = try await test.system.makePool(of: PoolHand.self, size: 4)
                var tasks: [PoolTask<Int>] = []
                for number in 0..<40 {
                    let job = number == 20 ? PoolJob.holdOnce("held", number, witness) : .number(number)
                    tasks.append(try await pool.submit(job))
                }
                kill(try await witness.processID(of: "held"), SIGKILL)
                for (number, task) in tasks.enumerated() { #expect(try await task.value == number) }
                #expect(try await pool.statistics.failed == 0)
            }
        }

        @Test(arguments: [PoolChunking.automatic, .size(1), .size(10)])
        func `ProcessPoolExecutor: a poison task fails alone after its tries, and the rest get results`(
            chunk: PoolChunking
        )
            async throws
        {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                let pool = try await test.system.makePool(of: PoolHand.self, named: "p", size: 2)
                let jobs = (0..<40).map { $0 == 13 ? PoolJob.poison("poison", witness) : .number($0) }
                var values: [Int] = []
                var failures: [Int: any Error] = [:]
                for try await outcome in pool.map(jobs, chunk: chunk).results {
                    switch outcome.result {
                    case .success(let value):
                        #expect(value == outcome.index)
                        values.append(value)
                    case .failure(let error): failures[outcome.index] = error
                    }
                }
                #expect(values == (0..<40).filter { $0 != 13 })
                #expect(Array(failures.keys) == [13])
                let error = failures[13] as? PoolError
                #expect(error?.code == .workerDied)
                #expect(error?.exitReason == .crashed(signal: SIGKILL))
                #expect(error?.attempts == 3)
                #expect(error?.worker?.hasPrefix("p/") == true)
                // Three times by itself, and once before that if others were with it.
                let begun = try await witness.count(of: "poison")
                #expect((3...4).contains(begun))
            }
        }

        @Test func `a task that may be tried once is not begun again`() async throws {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                let pool = try await test.system.makePool(of: PoolHand.self, size: 1)
                let error: PoolError? = await caught {
                    _ = try await pool.perform(.poison("poison", witness), attempts: 1)
                }
                #expect(error?.code == .workerDied)
                #expect(error?.attempts == 1)
                let exit: PoolError? = await caught { _ = try await pool.perform(.exit(3), attempts: 1) }
                #expect(exit?.exitReason == .exited(code: 3))
                #expect(try await witness.count(of: "poison") == 1)
                #expect(try await pool.perform(.number(1)) == 1)
            }
        }

        @Test func `ProcessPoolExecutor: cancelling a computing task frees its place within 0.5 s`()
            async throws
        {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                let pool = try await test.system.makePool(of: PoolHand.self, size: 1)
                let task = try await pool.submit(.hold("task", witness))
                let process = try await witness.processID(of: "task")
                let start = ContinuousClock.now
                task.cancel()
                #expect(task.state == .cancelled)
                let next = try await pool.perform(.processID)
                let took = start.duration(to: .now)
                print("a cancelled computing task: its place was free after \(took)")
                #expect(took < Machine.limit(.milliseconds(500)))
                #expect(next != Int(process))
                let error: CancellationError? = await caught { _ = try await task.value }
                #expect(error != nil)
            }
        }

        @Test func `cancelling a task that waits for something leaves its process alone`() async throws {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                var options = PoolOptions()
                // Nothing is to depend on how fast the machine is.
                options.cancellationGrace = .seconds(1_000)
                let pool = try await test.system.makePool(of: PoolHand.self, size: 1, options: options)
                let task = try await pool.submit(.wait("task", witness))
                let queued = try await pool.submit(.wait("queued", witness))
                let process = try await witness.processID(of: "task")
                #expect(queued.state == .waiting)
                queued.cancel()
                task.cancel()
                #expect(try await pool.perform(.processID) == Int(process))
                #expect(try await witness.count(of: "queued") == 0)
            }
        }

        @Test func `a task fails at its deadline, and the process that computes on is replaced`() async throws
        {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                let pool = try await test.system.makePool(of: PoolHand.self, named: "p", size: 1)
                let error: PoolError? = await caught {
                    _ = try await pool.perform(.hold("task", witness), within: .milliseconds(50))
                }
                #expect(error?.code == .deadlineExceeded)
                #expect(error?.pool == "p")
                #expect(try await pool.perform(.number(3), within: .seconds(1_000)) == 3)
                // It ends by itself when its code looks for it.
                let waiting: PoolError? = await caught {
                    _ = try await pool.perform(.wait("waiting", witness), within: .milliseconds(20))
                }
                #expect(waiting?.code == .deadlineExceeded)
            }
        }

        @Test func `Pool: errors and what cannot be sent are one task's outcome, and kill nobody`()
            async throws
        {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolHand.self, size: 1)
                let process = try await pool.perform(.processID)
                let broken: Broken? = await caught { _ = try await pool.perform(.fail(1)) }
                #expect(broken == Broken(why: "task 1"))
                let opaque: RemoteError? = await caught { _ = try await pool.perform(.failOpaquely) }
                #expect(opaque?.typeName == "Opaque")
                for chunk in [PoolChunking.automatic, .size(4)] {
                    var outcomes: [String] = []
                    let jobs: [PoolJob] = [.number(0), .fail(1), .number(2), .failOpaquely, .number(4)]
                    for try await outcome in pool.map(jobs, chunk: chunk).results {
                        switch outcome.result {
                        case .success(let value): outcomes.append("\(value)")
                        case .failure(let error): outcomes.append("\(type(of: error))")
                        }
                    }
                    #expect(outcomes == ["0", "Broken", "2", "RemoteError", "4"])
                }
                #expect(try await pool.perform(.processID) == process)
            }
        }

        @Test(arguments: [PoolChunking.automatic, .size(3), .size(20)])
        func `what cannot be encoded or decoded fails alone`(chunk: PoolChunking) async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolFussy.self, size: 2)
                let inputs = (0..<20).map {
                    PoolFussyValue(
                        number: $0, flaw: $0 == 11 ? .unencodable : $0 == 17 ? .undecodable : .none)
                }
                var codes: [Int: RemoteCallError.Code?] = [:]
                for try await outcome in pool.mapUnordered(inputs, chunk: chunk).results {
                    switch outcome.result {
                    case .success(let value): #expect(value.number == outcome.index)
                    case .failure(let error): codes[outcome.index] = (error as? RemoteCallError)?.code
                    }
                }
                #expect(codes == [3: .unencodable, 5: .undecodable, 11: .unencodable, 17: .undecodable])
                #expect(try await pool.statistics.died == 0)
                await pool.stop()
            }
        }

        @Test func `Pool: an initialiser that fails fails the start, and nothing storms`() async throws {
            try await withTestSystem { test in
                let error: SpawnError? = await caught {
                    _ = try await test.system.makePool(of: PoolUnstartable.self, size: 4)
                }
                #expect(error?.code == .initializerThrew)
                #expect(test.events.count { $0.kind == .spawned } <= 4)
                let left = try await test.system.processes()
                #expect(left.isEmpty)
            }
        }

        @Test func `when no worker can be replaced, tasks get a typed error, until one can`() async throws {
            try await withTestSystem { test in
                let obstacle = "/tmp/roost-pool-obstacle-\(getpid())-\(test.random.next())"
                defer { unsafe _ = unlink(obstacle) }
                let pool = try await test.system.makePool(
                    of: PoolMultiplier.self, named: "p", size: 2, .init(factor: 2, obstacle: obstacle))
                #expect(try await pool.perform(4) == 8)
                unsafe _ = close(creat(obstacle, 0o600))
                for process in try await test.system.processes().compactMap(\.processID) {
                    kill(process, SIGKILL)
                }
                try await test.events.wait(for: "ended", count: 2) { $0.kind.isTermination }
                let error: PoolError? = await caught { while true { _ = try await pool.perform(4) } }
                #expect(error?.code == .unavailable)
                #expect(error?.startError?.code == .initializerThrew)
                // One at a time, with pauses: not more than twenty in the time this takes.
                #expect(test.events.count { $0.kind == .spawned } < 20)
                unsafe _ = unlink(obstacle)
                try await test.events.wait(for: "ready", count: 4) { $0.kind == .ready }
                #expect(try await pool.perform(4) == 8)
            }
        }

        @Test func `a task that was killed is done elsewhere in less than fifty milliseconds`() async throws {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                let pool = try await test.system.makePool(of: PoolHand.self, size: 2)
                var times: [Duration] = []
                for round in 0..<21 {
                    let task = try await pool.submit(.holdOnce("task \(round)", round, witness))
                    let victim = try await witness.processID(of: "task \(round)")
                    let start = ContinuousClock.now
                    kill(victim, SIGKILL)
                    #expect(try await task.value == round)
                    times.append(start.duration(to: .now))
                }
                let median = times.sorted()[times.count / 2]
                print("kill to completed retry, p50: \(median)")
                #expect(median < Machine.limit(.milliseconds(50)))
            }
        }

        @Test(arguments: [1, 2, 3] as [UInt64], [PoolChunking.automatic, .size(16)])
        func `with kills at random every result comes exactly once`(seed: UInt64, chunk: PoolChunking)
            async throws
        {
            try await withTestSystem(seed: seed) { test in
                let pool = try await test.system.makePool(
                    of: PoolSquarer.self, size: 3, options: PoolOptions(attempts: 1_000))
                var random = test.random
                var indices = Set<Int>()
                for try await done in pool.mapUnordered(0..<3_000, window: 200, chunk: chunk) {
                    #expect(done.value == done.index * done.index)
                    #expect(indices.insert(done.index).inserted)
                    guard Int.random(in: 0..<60, using: &random) == 0 else { continue }
                    let processes = try await test.system.processes().filter(\.isReady).compactMap(
                        \.processID)
                    if let victim = processes.randomElement(using: &random) { kill(victim, SIGKILL) }
                }
                #expect(indices.count == 3_000)
                var ordered: [Int] = []
                for try await square in pool.map(0..<1_000, window: 50, chunk: chunk) {
                    ordered.append(square)
                    guard Int.random(in: 0..<60, using: &random) == 0 else { continue }
                    let processes = try await test.system.processes().filter(\.isReady).compactMap(
                        \.processID)
                    if let victim = processes.randomElement(using: &random) { kill(victim, SIGKILL) }
                }
                #expect(ordered == (0..<1_000).map { $0 * $0 })
                await pool.stop()
            }
        }

        @Test func `when the system stops, tasks get their errors`() async throws {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                var options = PoolOptions()
                options.process.shutdown = .kill
                let pool = try await test.system.makePool(of: PoolHand.self, size: 1, options: options)
                let served = try await pool.submit(.wait("served", witness))
                let waiting = try await pool.submit(.number(1))
                _ = try await witness.processID(of: "served")
                await test.system.stop()
                for task in [served, waiting] {
                    let error: PoolError? = await caught { _ = try await task.value }
                    #expect(error != nil)
                }
                let late: PoolError? = await caught { _ = try await pool.perform(.number(1)) }
                #expect(late?.code == .unavailable)
                await pool.stop()
            }
        }
    }
}
