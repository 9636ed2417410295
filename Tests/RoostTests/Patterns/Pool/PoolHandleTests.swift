import Distributed
import Glibc
import Roost
import RoostTesting
import Testing

extension PatternTests {
    /// A pool in other processes than its own.
    @Suite struct PoolHandleTests {
        @Test func `a pool is used by an actor it was sent to`() async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolSquarer.self, size: 2)
                let client = try await test.spawn(PoolClient.self)
                #expect(try await client.squares(pool, upTo: 2_000) == (1...2_000).map { $0 * $0 })
                #expect(
                    try await client.sumUnordered(pool, upTo: 500) == (1...500).reduce(0) { $0 + $1 * $1 })
            }
        }

        @Test func `an actor's pool is used by the node, and by another actor`() async throws {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                let owner = try await test.spawn(PoolClient.self)
                let client = try await test.spawn(PoolClient.self)
                let pool = try await owner.makePool(size: 2)
                #expect(try await pool.perform(.number(4)) == 4)
                #expect(try await client.perform(pool, .number(5)) == 5)
                let error: Broken? = await caught { _ = try await pool.perform(.fail(6)) }
                #expect(error == Broken(why: "task 6"))
                let poison: PoolError? = await caught {
                    _ = try await pool.perform(.poison("poison", witness))
                }
                #expect(poison?.code == .workerDied)
                #expect(poison?.attempts == 3)
                var values: [String] = []
                let jobs: [PoolJob] = [.number(0), .fail(1), .number(2)]
                for try await outcome in pool.map(jobs, chunk: .size(3)).results {
                    values.append((try? outcome.result.get()).map(String.init) ?? "failed")
                }
                #expect(values == ["0", "failed", "2"])
                try await pool.resize(to: 3)
                #expect(try await pool.statistics.started >= 3)
                await pool.drain()
                await pool.stop()
                let stopped: PoolError? = await caught { _ = try await pool.perform(.number(1)) }
                #expect(stopped?.code == .stopped)
            }
        }

        @Test func `what cannot be sent to a pool elsewhere fails alone`() async throws {
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolFussy.self, size: 1)
                let client = try await test.spawn(PoolFussyClient.self)
                let codes = try await client.codes(pool)
                #expect(codes == ["3 unencodable", "5 undecodable", "11 unencodable", "17 undecodable"])
            }
        }

        @Test func `a task is cancelled from elsewhere`() async throws {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                let pool = try await test.system.makePool(of: PoolHand.self, size: 1)
                let client = try await test.spawn(PoolClient.self)
                #expect(try await client.submitAndCancel(pool, .hold("task", witness), "task", witness))
                #expect(try await pool.perform(.number(1)) == 1)
            }
        }

        @Test func `when the owner dies callers are told, and its places end`() async throws {
            try await withTestSystem { test in
                let witness = PoolWitness(actorSystem: test.system)
                let owner = try await test.spawn(PoolClient.self, options: SpawnOptions(restart: .temporary))
                let pool = try await owner.makePool(size: 2)
                let task = try await pool.submit(.wait("task", witness))
                let place = try await witness.processID(of: "task")
                kill(try await owner.processID(), SIGKILL)
                let error: PoolError? = await caught { _ = try await task.value }
                #expect(error?.code == .ownerEnded)
                #expect(error?.exitReason == .crashed(signal: SIGKILL))
                let later: PoolError? = await caught { _ = try await pool.perform(.number(1)) }
                #expect(later?.code == .ownerEnded)
                #expect(later?.exitReason == .crashed(signal: SIGKILL))
                try await test.events.wait(for: "ended", count: 3) { $0.kind.isTermination }
                #expect(!Processes.isAlive(place))
            }
        }
    }
}
