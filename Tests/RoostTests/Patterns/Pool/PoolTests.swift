import Distributed
import Glibc
import Roost
import RoostTesting
import Testing

extension PatternTests {
    /// What a pool does when nothing goes wrong.
    @Suite struct PoolTests {
        @Test(arguments: [SystemOptions.SpawnMethod.zygote, .exec, .inProcess])
        func `tasks are performed, submitted and mapped`(_ method: SystemOptions.SpawnMethod) async throws {
            var options = SystemOptions()
            options.spawnMethod = method
            try await withTestSystem(options: options) { test in
                let pool = try await test.system.makePool(of: PoolSquarer.self, size: 2)
                #expect(try await pool.perform(42) == 1_764)
                let task = try await pool.submit(7)
                #expect(try await task.value == 49)
                #expect(task.state == .finished)
                var squares: [Int] = []
                for try await square in pool.map(1...10_000) { squares.append(square) }
                #expect(squares == (1...10_000).map { $0 * $0 })
                var indices: Set<Int> = []
                for try await done in pool.mapUnordered(0..<10_000) {
                    #expect(done.value == done.index * done.index)
                    indices.insert(done.index)
                }
                #expect(indices.count == 10_000)
                try await pool.forEach(1...100)
                var none = 0
                for try await _ in pool.map([]) { none += 1 }
                #expect(none == 0)
                await pool.stop()
            }
        }

        @Test func `many tasks at once each get their own result`() async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolSquarer.self, size: 2)
                let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 1...2_000 {
                        group.addTask {
                            let square = try await pool.perform(number)
                            return square == number * number ? 1 : 0
                        }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(sum == 2_000)
            }
        }

        @Test(arguments: [PoolChunking.automatic, .size(1), .size(7), .size(1_000)], [nil, 1, 2, 10, 100])
        func `every result comes once and in order, whatever the chunks and the window`(
            chunk: PoolChunking, window: Int?
        ) async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolSquarer.self, size: 2)
                var squares: [Int] = []
                for try await square in pool.map(1...300, window: window, chunk: chunk) {
                    squares.append(square)
                }
                #expect(squares == (1...300).map { $0 * $0 })
                var indices: [Int] = []
                for try await done in pool.mapUnordered(1...300, window: window, chunk: chunk) {
                    #expect(done.value == (done.index + 1) * (done.index + 1))
                    indices.append(done.index)
                }
                #expect(indices.sorted() == Array(0..<300))
            }
        }

        @Test func `Pool: a worker's state is its own, and lasts from task to task`() async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolHand.self, size: 3)
                var counts: [Int] = []
                for try await count in pool.map((0..<60).map { _ in PoolJob.count }) { counts.append(count) }
                // Each of three workers has counted its own: 1, 2, 3 and so on without a gap.
                let workers = counts.count { $0 == 1 }
                #expect((1...3).contains(workers))
                #expect(counts.count == 60)
                var ofEach: [Int: Int] = [:]
                for count in counts { ofEach[count, default: 0] += 1 }
                let most = counts.max() ?? 0
                #expect((1..<most).allSatisfy { (ofEach[$0] ?? 0) >= (ofEach[$0 + 1] ?? 0) })
                #expect(most >= 20)
            }
        }

        @Test func `arguments go to each worker, and all are ready before the pool is`() async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(
                    of: PoolMultiplier.self, named: "times", size: 3, .init(factor: 5))
                let statistics = try await pool.statistics
                #expect(statistics.workers.map(\.name) == ["times/1", "times/2", "times/3"])
                #expect(try await test.system.processes().count { $0.isReady } == 3)
                var results: [Int] = []
                for try await result in pool.map(1...20, chunk: .size(1)) { results.append(result) }
                #expect(results == (1...20).map { $0 * 5 })
                #expect(pool.name == "times")
            }
        }

        @Test func `a pool has as many processes as the machine has processors`() async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolSquarer.self)
                #expect(try await pool.statistics.workers.count == ProcessActorSystem.availableProcessors)
            }
        }

        @Test func `draining waits for every task, and stopping for every process`() async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolSquarer.self, size: 2)
                var tasks: [PoolTask<Int>] = []
                for number in 1...500 { tasks.append(try await pool.submit(number)) }
                await pool.drain()
                #expect(tasks.allSatisfy { $0.state == .finished })
                #expect(try await pool.perform(3) == 9)
                await pool.stop()
                await pool.stop()
                await pool.drain()
                #expect(try await test.system.processes().isEmpty)
                let error: PoolError? = await caught { _ = try await pool.perform(1) }
                #expect(error?.code == .stopped)
                let mapError: PoolTaskError? = await caught { try await pool.forEach(1...10) }
                #expect((mapError?.underlying as? PoolError)?.code == .stopped)
            }
        }

        @Test func `stopping finishes the task that is being served, and fails those that wait`() async throws
        {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                let gate = PoolGate(actorSystem: test.system)
                let pool = try await test.system.makePool(of: PoolGatekeeper.self, size: 1)
                let served = try await pool.submit(.init(task: "served", gate: gate, witness: witness))
                let waiting = try await pool.submit(.init(task: "waiting", gate: gate, witness: witness))
                _ = try await witness.processID(of: "served")
                async let stopping: Void = pool.stop()
                let error: PoolError? = await caught { _ = try await waiting.value }
                #expect(error?.code == .stopped)
                try await gate.open()
                #expect(try await served.value == "served")
                await stopping
                #expect(try await witness.count(of: "waiting") == 0)
            }
        }

        @Test func `it grows and shrinks`() async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolSquarer.self, named: "p", size: 1)
                try await pool.resize(to: 3)
                try await test.events.wait(for: "ready", count: 3) { $0.kind == .ready }
                #expect(try await pool.perform(2) == 4)
                try await pool.resize(to: 1)
                try await test.events.wait(for: "ended", count: 2) { $0.kind.isTermination }
                #expect(try await pool.perform(3) == 9)
                // The pool hears of the ends by itself, before or after this test.
                try await until { try await pool.statistics.workers.map(\.name) == ["p/1"] }
            }
        }

        @Test func `an adaptive pool grows while tasks wait, and shrinks when it has nothing to do`()
            async throws
        {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                var options = PoolOptions()
                options.idleLimit = .milliseconds(20)
                let gate = PoolGate(actorSystem: test.system)
                let pool = try await test.system.makePool(
                    of: PoolGatekeeper.self, size: .between(1, and: 3), options: options)
                #expect(try await pool.statistics.workers.count == 1)
                var tasks: [PoolTask<String>] = []
                for task in ["a", "b", "c", "d"] {
                    tasks.append(try await pool.submit(.init(task: task, gate: gate, witness: witness)))
                }
                for task in ["a", "b", "c"] { _ = try await witness.processID(of: task) }
                #expect(try await pool.statistics.workers.count == 3)
                try await gate.open()
                for task in tasks { _ = try await task.value }
                try await test.events.wait(for: "ended", count: 2) { $0.kind.isTermination }
                try await until { try await pool.statistics.workers.count == 1 }
            }
        }

        @Test func `a process is replaced after so many tasks`() async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(
                    of: PoolHand.self, size: 2, options: PoolOptions(attempts: 3, recycleAfter: 5))
                var tasks: [Int: Int] = [:]
                for try await process in pool.map((0..<100).map { _ in PoolJob.processID }) {
                    tasks[process, default: 0] += 1
                }
                #expect(tasks.values.reduce(0, +) == 100)
                #expect(tasks.values.allSatisfy { $0 <= 5 })
                #expect(tasks.count >= 20)
                let statistics = try await pool.statistics
                #expect(statistics.died == 0)
            }
        }

        @Test func `a worker can ask for its own replacement`() async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolHand.self, size: 1)
                let first = try await pool.perform(.stopAfterwards)
                let second = try await pool.perform(.processID)
                #expect(first != second)
            }
        }

        @Test func `statistics tell what was done, and by whom`() async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolHand.self, named: "p", size: 2)
                for number in 1...10 { _ = try await pool.perform(.number(number)) }
                _ = try? await pool.perform(.fail(1))
                _ = try? await pool.perform(.exit(3), attempts: 1)
                let statistics = try await pool.statistics
                #expect(statistics.submitted == 12)
                #expect(statistics.succeeded == 10)
                #expect(statistics.failed == 2)
                #expect(statistics.died == 1)
                #expect(statistics.waiting == 0 && statistics.running == 0)
                #expect(statistics.description.hasPrefix("12 tasks: 10 done, 2 failed"))
            }
        }
    }
}
