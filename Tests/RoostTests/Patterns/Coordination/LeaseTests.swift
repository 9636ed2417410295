import Roost
import RoostTesting
import Testing

extension PatternTests {
    @Suite struct LeaseTests {
        @Test func `one holds it at a time, the next has it when it is released`() async throws {
            try await withTestSystem { test in
                let lease = try await test.system.makeLease()
                let first = try await lease.acquire()
                #expect(try await lease.status().isHeld)
                #expect(try await lease.tryAcquire() == nil)
                let second = Task { try await lease.acquire() }
                try await until { try await lease.status().waiting == 1 }
                first.release()
                first.release()
                let next = try await second.value
                #expect(next.token > first.token)
                #expect(next.isValid)
                next.release()
                try await until { try await !lease.status().isHeld }
            }
        }

        @Test func `it is made anywhere, sent in messages, and found by its name`() async throws {
            try await withTestSystem { test in
                let lease = try await test.system.makeLease(named: "lease")
                let participant = try await test.spawn(Participant.self)
                let token = try await participant.hold(lease)
                let found = try await test.system.find(Lease.self, named: "lease")
                #expect(try await found.tryAcquire() == nil)
                try await participant.releaseLease()
                #expect(try await found.acquire().token > token)
            }
        }

        @Test func `Lock: a killed holder releases it within 100 ms`() async throws {
            try await withTestSystem { test in
                let lease = try await test.system.makeLease()
                var times: [Duration] = []
                for _ in 0..<5 {
                    let holder = try await test.spawn(Participant.self)
                    _ = try await holder.hold(lease)
                    let next = Task { try await lease.acquire() }
                    try await until { try await lease.status().waiting == 1 }
                    let killed = ContinuousClock.now
                    Processes.signal(try await holder.processID(), 9)
                    let grant = try await next.value
                    times.append(killed.duration(to: .now))
                    grant.release()
                    try await test.system.stop(holder)
                }
                let median = times.sorted()[2]
                print("a killed holder's lease was held again after \(times), median \(median)")
                #expect(median < Machine.limit(.milliseconds(100)))
            }
        }

        @Test func `who drops a grant gives it back`() async throws {
            try await withTestSystem { test in
                let lease = try await test.system.makeLease()
                let holder = try await test.spawn(Participant.self)
                _ = try await holder.hold(lease)
                try await holder.dropLease()
                _ = try await lease.acquire()
                let value = try await lease.withLease { $0 }
                #expect(value.counter == 3)
            }
        }

        @Test func `a killed lease tells who waits and who holds, and its tokens go on rising`() async throws
        {
            try await withTestSystem { test in
                let lease = try await test.system.makeLease()
                let holder = try await test.spawn(Participant.self)
                var last = try await holder.hold(lease)
                let waiter = Task { try await lease.acquire() }
                try await until { try await lease.status().waiting == 1 }
                async let loss = holder.leaseLoss()
                try await test.kill(lease)
                let reason = try await loss
                #expect(reason == .killed(by: .user))
                do {
                    _ = try await waiter.value
                    Issue.record("it was held by nobody who could have given it")
                } catch let error as RemoteCallError {
                    #expect(error.code == .interrupted && error.exitReason == .killed(by: .user))
                }
                for _ in 0..<3 {
                    let grant = try await lease.acquire()
                    #expect(grant.token > last)
                    last = grant.token
                    try await test.kill(lease)
                    // Until this process has heard of it, the session with the dead one would be asked.
                    #expect(await grant.loss() == .killed(by: .user))
                }
            }
        }

        @Test func `a wait that is cancelled or takes too long holds nothing`() async throws {
            try await withTestSystem { test in
                let lease = try await test.system.makeLease()
                let held = try await lease.acquire()
                let waiter = Task { try await lease.acquire() }
                try await until { try await lease.status().waiting == 1 }
                waiter.cancel()
                await #expect(throws: CancellationError.self) { try await waiter.value }
                try await until { try await lease.status().waiting == 0 }
                do {
                    _ = try await lease.acquire(within: .milliseconds(5))
                    Issue.record("two hold it")
                } catch let error as RemoteCallError {
                    #expect(error.code == .deadlineExceeded)
                }
                held.release()
                #expect(try await lease.acquire().isValid)
            }
        }

        @Test func `a lease that is stopped says so`() async throws {
            try await withTestSystem { test in
                let lease = try await test.system.makeLease()
                let held = try await lease.acquire()
                let waiter = Task { try await lease.acquire() }
                try await until { try await lease.status().waiting == 1 }
                try await test.system.stop(lease)
                await #expect(throws: RemoteCallError.self) { try await waiter.value }
                #expect(await held.loss() != nil)
                do {
                    _ = try await lease.acquire()
                    Issue.record("there is no lease")
                } catch let error as RemoteCallError {
                    #expect(error.code == .terminated)
                }
            }
        }

        @Test func `a thousand and more can wait`() async throws {
            try await withTestSystem { test in
                let lease = try await test.system.makeLease()
                let first = try await lease.acquire()
                try await withThrowingTaskGroup(of: FencingToken.self) { group in
                    for _ in 0..<2_000 {
                        group.addTask { try await lease.withLease { $0 } }
                    }
                    try await until { try await lease.status().waiting == 2_000 }
                    first.release()
                    var tokens: Set<FencingToken> = []
                    for try await token in group { tokens.insert(token) }
                    #expect(tokens.count == 2_000)
                }
            }
        }
    }
}
