import Roost
import RoostTesting
import Testing

extension PatternTests {
    @Suite struct LatchTests {
        @Test func `those that wait go on when it has been counted down, those that come later at once`()
            async throws
        {
            try await withTestSystem { test in
                let latch = try await test.system.makeLatch(count: 3, named: "latch")
                let waiters = try await [test.spawn(Participant.self), test.spawn(Participant.self)]
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for waiter in waiters { group.addTask { try await waiter.wait(at: latch) } }
                    try await until { try await latch.status().waiting == 2 }
                    try await latch.countDown(by: 2)
                    #expect(try await latch.status().count == 1)
                    #expect(try await latch.status().waiting == 2)
                    try await test.system.find(Latch.self, named: "latch").countDown()
                    try await group.waitForAll()
                }
                try await latch.wait()
                try await latch.reset()
                #expect(try await latch.status().count == 1)
                try await latch.open()
                try await latch.wait()
            }
        }

        @Test func `Event: set returns after a waiter was killed`() async throws {
            try await withTestSystem { test in
                let latch = try await test.system.makeLatch()
                let killed = try await test.spawn(Participant.self)
                let waiter = Task { try await latch.wait() }
                let lost = Task { try await killed.wait(at: latch) }
                try await until { try await latch.status().waiting == 2 }
                Processes.signal(try await killed.processID(), 9)
                await #expect(throws: RemoteCallError.self) { try await lost.value }
                try await until { try await latch.status().waiting == 1 }
                try await latch.open()
                try await waiter.value
            }
        }

        @Test func `nobody waits for a promise of one that is dead`() async throws {
            try await withTestSystem { test in
                let latch = try await test.system.makeLatch(count: 2)
                let kept = try await test.spawn(Participant.self)
                let broken = try await test.spawn(Participant.self, named: "unreliable")
                try await kept.promise(latch)
                try await broken.promise(latch)
                let waiter = Task { try await latch.wait() }
                try await until { try await latch.status().waiting == 1 }
                try await kept.keepPromise()
                #expect(try await latch.status().count == 1)
                Processes.signal(try await broken.processID(), 9)
                for wait in [waiter, Task { try await latch.wait() }] {
                    do {
                        try await wait.value
                        Issue.record("it is not open")
                    } catch let error as CoordinationError {
                        #expect(error.code == .broken)
                        #expect(error.loss == HolderLoss(name: "unreliable", reason: .crashed(signal: 9)))
                    }
                }
                try await latch.reset(to: 0)
                try await latch.wait()
            }
        }

        @Test func `a promise that is dropped is broken, one that was kept is not`() async throws {
            try await withTestSystem { test in
                let latch = try await test.system.makeLatch(count: 2)
                let participant = try await test.spawn(Participant.self)
                try await participant.promise(latch)
                try await participant.keepPromise()
                try await participant.keepPromise()
                try await participant.dropPromise()
                #expect(try await latch.status().count == 1)
                try await participant.promise(latch)
                try await participant.dropPromise()
                do {
                    try await latch.wait()
                    Issue.record("it is not open")
                } catch let error as CoordinationError {
                    #expect(error.code == .broken)
                }
            }
        }

        @Test func `those that wait are told when the latch is killed`() async throws {
            try await withTestSystem { test in
                let latch = try await test.system.makeLatch()
                let waiter = Task { try await latch.wait() }
                try await until { try await latch.status().waiting == 1 }
                try await test.kill(latch)
                do {
                    try await waiter.value
                    Issue.record("it is not open")
                } catch let error as RemoteCallError {
                    #expect(error.code == .interrupted && error.exitReason == .killed(by: .user))
                }
                #expect(try await latch.status().count == 1)
            }
        }
    }
}
