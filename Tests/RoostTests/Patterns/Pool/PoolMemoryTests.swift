import RoostTesting
import Testing

@testable import Roost

extension PatternTests {
    @Suite struct PoolMemoryTests {
        /// What must not outlive a pool, or its system.
        private final class Remains {
            weak var system: ProcessActorSystem?
            weak var pool: (any PoolService<PoolSquarer>)?
        }

        private func live(stopping: Bool) async throws -> Remains {
            let remains = Remains()
            try await withTestSystem { test in
                let pool = try await test.system.makePool(of: PoolSquarer.self, size: 2)
                remains.system = test.system
                remains.pool = pool.service
                try await pool.forEach(1...100)
                for try await _ in pool.map(0...) { break }
                if stopping { await pool.stop() }
            }
            return remains
        }

        @Test(arguments: [true, false])
        func `nothing of a pool is left in memory when it has been stopped, or its system`(
            stopping: Bool
        ) async throws {
            let remains = try await live(stopping: stopping)
            // What was under way at the end lets go of it a moment later.
            let end = ContinuousClock.now + .seconds(20)
            while remains.pool != nil || remains.system != nil, ContinuousClock.now < end {
                await Task.yield()
            }
            #expect(remains.pool == nil)
            #expect(remains.system == nil)
        }
    }
}
