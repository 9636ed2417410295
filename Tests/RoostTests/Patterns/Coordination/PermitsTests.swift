import Roost
import RoostTesting
import Testing

extension PatternTests {
    @Suite struct PermitsTests {
        @Test func `Semaphore: what a killed holder had is not lost`() async throws {
            try await withTestSystem { test in
                let permits = try await test.system.makePermits(3)
                for _ in 0..<5 {
                    let holder = try await test.spawn(Participant.self)
                    try await holder.hold(2, of: permits)
                    #expect(try await permits.status().free == 1)
                    let all = Task { try await permits.acquire(3) }
                    try await until { try await permits.status().waiting == 1 }
                    Processes.signal(try await holder.processID(), 9)
                    try await all.value.release()
                    try await until { try await permits.status().free == 3 }
                }
            }
        }

        @Test func `no more are held than there are, by any number of processes`() async throws {
            try await withTestSystem { test in
                let permits = try await test.system.makePermits(2)
                #expect(try await permits.status().total == 2)
                let counter = try await test.spawn(Counter.self, .init(start: 0))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<50 {
                        group.addTask {
                            try await permits.withPermit {
                                #expect(try await counter.add(1) <= 2)
                                _ = try await counter.add(-1)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }

        @Test func `more than there are is an error, none to begin with too`() async throws {
            try await withTestSystem { test in
                let permits = try await test.system.makePermits(2)
                for count in [3, 0, -1] {
                    do {
                        _ = try await permits.acquire(count)
                        Issue.record("\(count) of 2")
                    } catch let error as CoordinationError {
                        #expect(error.code == .tooMany)
                    }
                }
                await #expect(throws: SpawnError.self) { try await test.system.makePermits(0) }
            }
        }

        @Test func `an attempt does not wait`() async throws {
            try await withTestSystem { test in
                let permits = try await test.system.makePermits(2)
                let one = try await permits.tryAcquire()
                #expect(one != nil)
                #expect(try await permits.tryAcquire(2) == nil)
                one?.release()
                try await until { try await permits.status().free == 2 }
                #expect(try await permits.tryAcquire(2) != nil)
            }
        }

        @Test func `holders hear that the permits were killed`() async throws {
            try await withTestSystem { test in
                let permits = try await test.system.makePermits(1)
                let held = try await permits.acquire()
                try await test.kill(permits)
                #expect(await held.loss() == .killed(by: .user))
                #expect(try await permits.tryAcquire() != nil)
            }
        }
    }
}
