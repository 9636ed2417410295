import Distributed
import RoostTesting
import Testing

@testable import Roost

extension PatternTests {
    @Suite struct AgentTests {
        @Test func `a value is read, changed and read again`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(Look(theme: "dark"), named: "look")
                #expect(try await agent.value == Look(theme: "dark"))
                try await agent.update(Look.SetTheme("light"))
                #expect(try await agent.value.theme == "light")
                #expect(try await agent.read(Look.IsLoud()) == false)
                try await agent.set(Look(theme: "blue", volume: 9))
                #expect(try await agent.read(Look.IsLoud()) == true)
                #expect(
                    try await agent.status
                        == AgentStatus(
                            version: AgentVersion(incarnation: 1, updates: 2), watchers: 0))
                let found = try await test.system.find(Agent<Look>.self, named: "look")
                #expect(try await found.value.theme == "blue")
            }
        }

        @Test func `an update that throws reaches its caller as itself and leaves the state`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(Look(theme: "dark"))
                let error: Broken? = await caught { try await agent.update(Look.Spoil()) }
                #expect(error == Broken(why: "half way"))
                #expect(try await agent.value.theme == "dark")
                #expect(try await agent.status.version.updates == 0)
            }
        }

        @Test
        func `an update that was posted is applied before what follows, and its error is a dead letter`()
            async throws
        {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(Int8(0), named: "small")
                for _ in 0..<100 { try await agent.postIncrement() }
                #expect(try await agent.value == 100)
                for _ in 0..<100 { try await agent.postIncrement() }
                #expect(try await agent.value == 127)
                try await test.events.wait(for: "a dead letter of each that overflowed", count: 64) { event in
                    guard case .deadLetter(let letter) = event.kind else { return false }
                    return letter.reason == .threw && letter.receiver == "small"
                }
            }
        }

        @Test func `an update for a version is applied to that one only`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(1, named: "number")
                let seen = try await agent.snapshot
                #expect(seen.value == 1)
                #expect(try await agent.update(Increment(by: 4), if: seen.version) == 5)
                let error: AgentError? = await caught {
                    try await agent.update(Increment(by: 4), if: seen.version)
                }
                #expect(error?.code == .changed)
                #expect(error?.version == AgentVersion(incarnation: 1, updates: 1))
                #expect(error?.agent == "number")
                try await test.kill(agent)
                let late: AgentError? = await caught {
                    try await agent.update(Increment(by: 4), if: seen.version)
                }
                #expect(late?.code == .changed)
                #expect(late?.version == AgentVersion(incarnation: 2, updates: 0))
                #expect(try await agent.value == 1)
            }
        }

        @Test func `fields are read, set and changed by key path, if the state lists them`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(Look(theme: "dark"), named: "look")
                #expect(try await agent.read(\.theme) == "dark")
                try await agent.set(\.theme, to: "light")
                #expect(try await agent.read(\.theme) == "light")
                #expect(try await agent.increment(\.volume, by: 2) == 7)
                try await agent.set(\.owner.name, to: "somebody")
                #expect(try await agent.read(\.owner).name == "somebody")
                let error: AgentError? = await caught { _ = try await agent.read(\.notListed) }
                #expect(error?.code == .noSuchField)
                #expect(error?.message.contains("notListed") == true)
                let overflow: AgentError? = await caught { try await agent.increment(\.volume, by: Int.max) }
                #expect(overflow?.code == .overflow)
                #expect(try await agent.read(\.volume) == 7)
            }
        }

        @Test func `an agent made with its own initialiser works where it was made`() async throws {
            try await withTestSystem { test in
                let agent = Agent(5, actorSystem: test.system)
                #expect(try await agent.increment() == 6)
                let client = try await test.spawn(AgentClient.self)
                try await client.increment(agent, times: 10)
                #expect(try await agent.value == 16)
                #expect(try await agent.status.version == AgentVersion(incarnation: 1, updates: 11))
            }
        }

        @Test func `an agent is a child of a supervisor`() async throws {
            try await withTestSystem { test in
                let tree = Supervisor("shop", strategy: .oneForOne) {
                    Child(Agent<[String: Int]>.self, named: "stock", ["apples": 3])
                }
                let shop = try await test.system.start(tree)
                let stock = try await test.system.find(Agent<[String: Int]>.self, named: "stock")
                #expect(try await stock.increment("apples") == 4)
                try await test.kill(stock)
                #expect(try await stock["apples"] == 3)
                try await shop.stop()
            }
        }

        @Test func `an agent is made in a worker, and its reference sent`() async throws {
            try await withTestSystem { test in
                let client = try await test.spawn(AgentClient.self)
                let agent = try await client.make(3, named: "made there")
                #expect(try await agent.increment() == 4)
                #expect(try await client.find("made there") == 4)
            }
        }

        @Test func `updates of one process are applied in the order they were sent`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent([Int]())
                for number in 0..<500 {
                    if number.isMultiple(of: 3) {
                        try await agent.append(number)
                    } else {
                        try await agent.postAppend(number)
                    }
                }
                #expect(try await agent.value == Array(0..<500))
            }
        }
    }
}

extension PatternTests {
    @Suite struct AgentWriterTests {
        @Test func `a stream of updates is applied in order, and told of at its end`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent([Int]())
                let writer = try await agent.openWriter(for: ListAppend<[Int]>.self)
                for number in 0..<5_000 { try await writer.send(ListAppend(element: number)) }
                let result = try await writer.finish()
                #expect(result.applied == 5_000 && result.failed == 0)
                #expect(try await agent.value == Array(0..<5_000))
                #expect(try await agent.status.version.updates == 5_000)
            }
        }

        @Test func `updates of a stream that fail are counted, and the first is told`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(Int8(0))
                let writer = try await agent.openWriter(for: Increment<Int8>.self)
                for _ in 0..<200 { try await writer.send(Increment()) }
                let result = try await writer.finish()
                #expect(result.applied == 127 && result.failed == 73)
                #expect(result.firstFailure?.contains("127 + 1") == true)
                #expect(try await agent.value == 127)
            }
        }

        @Test func `streams of four processes lose nothing`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(0)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        let client = try await test.spawn(AgentClient.self)
                        group.addTask { try await client.stream(agent, times: 20_000) }
                    }
                    try await group.waitForAll()
                }
                #expect(try await agent.value == 80_000)
            }
        }

        @Test func `a stream whose agent is killed fails with the reason, and another can be opened`()
            async throws
        {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(0)
                let writer = try await agent.openWriter(for: Increment<Int>.self)
                try await writer.send(Increment())
                try await test.kill(agent)
                let error: RemoteCallError? = await caught {
                    for _ in 0..<1_000_000 { try await writer.send(Increment()) }
                    _ = try await writer.finish()
                }
                #expect(error?.code == .terminated)
                // Waited for 5 ms only, which a busy machine may take.
                let reasons: [ExitReason?] =
                    Machine.isQuiet ? [.killed(by: .user)] : [.killed(by: .user), .unknown]
                #expect(reasons.contains(error?.exitReason))
                let next = try await agent.openWriter(for: Increment<Int>.self)
                try await next.send(Increment(by: 5))
                #expect(try await next.finish().applied == 1)
                #expect(try await agent.value == 5)
            }
        }

        @Test func `what a killed client had put on its way is applied, and nobody waits for it`()
            async throws
        {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(0)
                let client = try await test.spawn(AgentClient.self)
                try await client.streamAndWait(agent, times: 100)
                try await test.kill(client)
                try await agent.increment()
                var changes = agent.changes().makeAsyncIterator()
                while try await changes.next()?.value != 101 {}
            }
        }
    }
}
