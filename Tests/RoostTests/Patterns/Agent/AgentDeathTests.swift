import Distributed
import Glibc
import RoostTesting
import Testing

@testable import Roost

/// The rows `Value` and `Manager, Namespace, list and dict` of what Roost replaces.
@Suite struct AgentDeathTests {
    @Test func `Value: incremented by four processes 20,000 times each, it is 80,000`()
        async throws
    {
        try await withTestSystem { test in
            let agent = try await test.system.makeAgent(0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    let client = try await test.spawn(AgentClient.self)
                    group.addTask { try await client.increment(agent, times: 20_000) }
                }
                try await group.waitForAll()
            }
            #expect(try await agent.value == 80_000)
        }
    }

    @Test func `Value: a client killed inside an update holds up nobody`() async throws {
        try await withTestSystem { test in
            let agent = try await test.system.makeAgent(0)
            let client = try await test.spawn(AgentClient.self, options: SpawnOptions(restart: .temporary))
            let other = try await test.spawn(AgentClient.self)
            let watch = try await test.system.watch(client)
            let error: RemoteCallError? = await caught { try await client.dieInUpdate(agent) }
            #expect(error?.code == .interrupted)
            #expect(try await watch.value == .crashed(signal: SIGKILL))
            try await other.increment(agent, times: 100)
            #expect(try await agent.value == 101)
            #expect(try await agent.status.version == AgentVersion(incarnation: 1, updates: 101))
        }
    }

    @Test(arguments: [
        (End.How.signal(SIGKILL), ExitReason.crashed(signal: SIGKILL)), (.exit(3), .exited(code: 3)),
    ])
    func `Value: an update whose agent dies is told why, and the next incarnation says that it is new`(
        how: End.How, reason: ExitReason
    ) async throws {
        try await withTestSystem { test in
            let agent = try await test.system.makeAgent(7, named: "number")
            #expect(try await agent.increment() == 8)
            let before = try await agent.status
            #expect(before.version == AgentVersion(incarnation: 1, updates: 1))
            let watch = try await test.system.watch(agent)
            let error: RemoteCallError? = await caught { try await agent.update(End(how: how)) }
            #expect(error?.code == .interrupted)
            #expect(error?.actor == "number")
            // Waited for 5 ms only, which a busy machine may take.
            #expect(error?.exitReason == reason || error?.exitReason == .unknown && !Machine.isQuiet)
            #expect(try await watch.value == reason)
            #expect(try await agent.value == 7)
            let after = try await agent.status
            #expect(after.version == AgentVersion(incarnation: 2, updates: 0))
            #expect(before.version < after.version)
        }
    }

    @Test func `of many updates under way when the agent dies each has one outcome`() async throws {
        try await withTestSystem { test in
            let agent = try await test.system.makeAgent(0)
            let (done, interrupted) = await withTaskGroup(of: Bool?.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        do {
                            if number == 100 {
                                try await agent.update(End(how: .signal(SIGKILL)))
                            } else {
                                try await agent.increment()
                            }
                            return true
                        } catch let error as RemoteCallError where error.code == .interrupted {
                            let reasons: [ExitReason?] = [.crashed(signal: SIGKILL), .unknown]
                            return reasons.contains(error.exitReason) ? false : nil
                        } catch {
                            return nil
                        }
                    }
                }
                return await group.reduce(into: (0, 0)) { counts, outcome in
                    if outcome == true { counts.0 += 1 }
                    if outcome == false { counts.1 += 1 }
                }
            }
            #expect(done + interrupted == 200)
            #expect(interrupted >= 1)
            #expect(try await agent.value <= done)
            #expect(try await agent.status.version.incarnation == 2)
        }
    }

    @Test func `Manager: references to an agent that was killed work again, old ones and found ones`()
        async throws
    {
        try await withTestSystem { test in
            let agent = try await test.system.makeAgent(10, named: "shared")
            let client = try await test.spawn(AgentClient.self)
            try await client.increment(agent, times: 5)
            let processID = try #require(try await test.processID(of: "shared"))
            let watch = try await test.system.watch(agent)
            Processes.signal(processID, SIGKILL)
            #expect(try await watch.value == .crashed(signal: SIGKILL))
            #expect(try await agent.value == 10)
            try await client.increment(agent, times: 5)
            #expect(try await client.find("shared") == 15)
            #expect(try await test.system.find(Agent<Int>.self, named: "shared") == agent)
        }
    }

    @Test func `Namespace: 2,000 increments of a field by four processes are 2,000`() async throws {
        try await withTestSystem { test in
            let agent = try await test.system.makeAgent(Look(theme: "dark"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    let client = try await test.spawn(AgentClient.self)
                    group.addTask { try await client.hit(agent, times: 500) }
                }
                try await group.waitForAll()
            }
            #expect(try await agent.read(\.hits) == 2_000)
        }
    }

    @Test func `Manager: nested changes are seen`() async throws {
        try await withTestSystem { test in
            let look = try await test.system.makeAgent(Look(theme: "dark"))
            try await look.update(\.owner, with: Look.Owner.Tag(key: "a", number: 1))
            try await look.update(\.owner, with: Look.Owner.Tag(key: "a", number: 2))
            #expect(try await look.value.owner.tags == ["a": [1, 2]])
            let owners = try await test.system.makeAgent(["first": [Look.Owner()]])
            try await owners.update(
                "first", with: ListChange(index: 0, update: Look.Owner.Tag(key: "b", number: 3)))
            #expect(try await owners["first"]?.first?.tags == ["b": [3]])
        }
    }

    @Test func `no operation on an agent that is gone for good hangs`() async throws {
        try await withTestSystem { test in
            let options = SpawnOptions(restart: .temporary)
            let numbers = try await test.system.makeAgent([1, 2, 3], named: "numbers", options: options)
            let stock = try await test.system.makeAgent(["apples": 1], named: "stock", options: options)
            var changes = numbers.changes().makeAsyncIterator()
            #expect(try await changes.next()?.value == [1, 2, 3])
            try await test.kill(numbers)
            try await test.kill(stock)
            let operations: [() async throws -> Void] = [
                { _ = try await numbers.value }, { _ = try await numbers.snapshot },
                { _ = try await numbers.status }, { _ = try await numbers[0] },
                { _ = try await numbers[0..<2] },
                { try await numbers.append(4) }, { try await numbers.set(4, at: 0) },
                { try await numbers.remove(at: 0) }, { try await numbers.set([]) },
                {
                    try await numbers.update(
                        ListAppend<[Int]>(element: 1), if: .init(incarnation: 1, updates: 0))
                },
                { _ = try await numbers.count }, { _ = try await numbers.contains(1) },
                { for try await _ in numbers.pages(of: 2) {} },
                { for try await _ in numbers.changes() {} }, { _ = try await changes.next() },
                { _ = try await stock["apples"] }, { try await stock.set(1, for: "pears") },
                { try await stock.increment("apples") }, { for try await _ in stock.pages(of: 1) {} },
            ]
            for (number, operation) in operations.enumerated() {
                let error: RemoteCallError? = await caught(operation)
                #expect(error?.code == .terminated, "operation \(number): \(String(describing: error))")
                #expect(error?.exitReason == .killed(by: .user), "operation \(number)")
            }
            try await numbers.postAppend(1)
            try await test.events.wait(for: "a dead letter") { event in
                if case .deadLetter(let letter) = event.kind { return letter.reason == .terminated }
                return false
            }
        }
    }
}

extension BusyTests {
    @Suite struct AgentRecoveryTests {
        @Test func `an update tried again after its agent was killed is done within 50 ms`() async throws {
            try await withTestSystem { test in
                let options = SpawnOptions(intensity: RestartIntensity(restarts: 100), backoff: .none)
                let agent = try await test.system.makeAgent(0, named: "killed", options: options)
                var times: [Duration] = []
                for round in 1...21 {
                    #expect(try await agent.increment() == 1)
                    let processID = try #require(try await test.processID(of: "killed"))
                    let start = ContinuousClock.now
                    Processes.signal(processID, SIGKILL)
                    while true {
                        do {
                            // Until the next incarnation has it: the first may still have been served by this one.
                            if try await agent.snapshot.version.incarnation > round { break }
                        } catch let error as RemoteCallError where error.code == .interrupted {}
                    }
                    let updated = try await agent.increment(by: 0)
                    times.append(start.duration(to: .now))
                    #expect(updated == 0)
                }
                let p50 = times.sorted()[times.count / 2]
                print("agent: kill to completed retry, p50 of \(times.count): \(p50)")
                #expect(p50 < Machine.limit(.milliseconds(50)))
            }
        }
    }
}
