import Distributed
import Glibc
import RoostTesting
import Testing

extension PatternTests {
    @Suite struct AgentChangesTests {
        /// Asks until the agent has so many watchers: each question is a call, and the agent answers in between.
        private func watchers(of agent: Agent<Int>, become count: Int) async throws {
            while try await agent.status.watchers != count {}
        }

        @Test func `the present state comes first, and then each change`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(5)
                var changes = agent.changes().makeAsyncIterator()
                #expect(
                    try await changes.next() == AgentSnapshot(5, version: .init(incarnation: 1, updates: 0)))
                for number in 1...100 {
                    try await agent.increment()
                    let change = try await changes.next()
                    #expect(
                        change == AgentSnapshot(5 + number, version: .init(incarnation: 1, updates: number)))
                }
            }
        }

        @Test func `one who waits is told when it changes`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(0)
                let reading = Task {
                    for try await change in agent.changes() where change.value >= 500 { return change.value }
                    return -1
                }
                try await watchers(of: agent, become: 1)
                for _ in 0..<500 { try await agent.increment() }
                #expect(try await reading.value == 500)
                try await watchers(of: agent, become: 0)
            }
        }

        @Test func `a slow reader gets the newest and holds up nobody`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(0)
                var changes = agent.changes().makeAsyncIterator()
                #expect(try await changes.next()?.value == 0)
                let stalled = try await test.spawn(AgentClient.self)
                try await stalled.stall(agent)
                for _ in 0..<5_000 { try await agent.increment() }
                #expect(try await changes.next()?.value == 5_000)
                #expect(try await agent.status.watchers == 2)
                try await stalled.letGo()
                try await watchers(of: agent, become: 1)
            }
        }

        @Test func `a query's changes are those of its result`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(Look(theme: "dark"))
                var loud = agent.changes(of: Look.IsLoud()).makeAsyncIterator()
                var theme = try agent.changes(of: \.theme).makeAsyncIterator()
                #expect(try await loud.next()?.value == false)
                #expect(try await theme.next()?.value == "dark")
                for _ in 0..<4 { try await agent.increment(\.volume) }
                try await agent.set(\.theme, to: "dark")
                try await agent.set(\.theme, to: "light")
                let isLoud = try await loud.next()
                #expect(isLoud == AgentSnapshot(true, version: .init(incarnation: 1, updates: 6)))
                #expect(try await theme.next()?.value == "light")
                #expect(throws: AgentError.self) { try agent.changes(of: \.notListed) }
            }
        }

        @Test func `a killed reader is forgotten, a stalled one too`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(9)
                let client = try await test.spawn(AgentClient.self)
                let stalled = try await test.spawn(AgentClient.self)
                #expect(try await client.watch(agent) == 9)
                try await stalled.stall(agent)
                try await watchers(of: agent, become: 2)
                try await test.kill(client)
                try await watchers(of: agent, become: 1)
                try await test.kill(stalled)
                try await watchers(of: agent, become: 0)
                #expect(try await agent.increment() == 10)
            }
        }

        @Test func `a reader that lets go, or is cancelled, is forgotten`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(9)
                let client = try await test.spawn(AgentClient.self)
                _ = try await client.watch(agent)
                let reading = Task { for try await _ in agent.changes() {} }
                try await watchers(of: agent, become: 2)
                reading.cancel()
                await #expect(throws: CancellationError.self) { try await reading.value }
                try await watchers(of: agent, become: 1)
                try await client.letGo()
                try await watchers(of: agent, become: 0)
            }
        }

        @Test func `when the agent is killed its changes go on with one that says it is new`() async throws {
            try await withTestSystem { test in
                let options = SpawnOptions(intensity: RestartIntensity(restarts: 100), backoff: .none)
                let agent = try await test.system.makeAgent(1, named: "killed", options: options)
                var changes = agent.changes().makeAsyncIterator()
                #expect(try await changes.next()?.isNew == false)
                for life in 2...6 {
                    try await agent.increment(by: 100)
                    let change = try await changes.next()
                    #expect(change?.value == 101 && change?.isNew == false)
                    let processID = try #require(try await test.processID(of: "killed"))
                    Processes.signal(processID, SIGKILL)
                    #expect(
                        try await changes.next()
                            == AgentSnapshot(1, version: .init(incarnation: life, updates: 0), isNew: true))
                }
            }
        }

        @Test func `one who waits when the agent is killed is told of the next incarnation`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(1, named: "killed")
                let reading = Task {
                    for try await change in agent.changes() where change.isNew { return change.version }
                    return AgentVersion(incarnation: 0, updates: 0)
                }
                try await watchers(of: agent, become: 1)
                try await test.kill(agent)
                #expect(try await reading.value == AgentVersion(incarnation: 2, updates: 0))
            }
        }

        @Test func `when the agent is gone for good its changes end with the reason`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(1, options: SpawnOptions(restart: .temporary))
                let reading = Task { for try await _ in agent.changes() {} }
                try await watchers(of: agent, become: 1)
                let processID = try #require(try await test.processID(of: agent.id.name))
                Processes.signal(processID, SIGKILL)
                let error: RemoteCallError? = await caught { try await reading.value }
                #expect(error?.code == .terminated)
                #expect(error?.exitReason == .crashed(signal: SIGKILL))
            }
        }

        @Test func `many readers of one agent all see the last state`() async throws {
            try await withTestSystem { test in
                let agent = try await test.system.makeAgent(0)
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<100 {
                        group.addTask {
                            for try await change in agent.changes() where change.value == 300 { return 1 }
                            return 0
                        }
                    }
                    for _ in 0..<300 { try await agent.increment() }
                    #expect(try await group.reduce(0, +) == 100)
                }
                try await watchers(of: agent, become: 0)
            }
        }
    }
}
