import Distributed
import Glibc
import Testing

@testable import Roost
@testable import RoostTesting

@Suite struct GroupTests {
    private func names(_ group: ActorGroup<Echo>) async throws -> [String] {
        try await group.members().map(\.id.name)
    }

    @Test func `a group has its members in the order they joined, however often they join`() async throws {
        try await withTestSystem { test in
            let group = test.system.group(of: Echo.self, named: "echoes")
            #expect(try await names(group) == [])
            #expect(try await group.tell { try await $0.note(0) } == 0)
            var echoes: [Echo] = []
            for name in ["b", "a", "c"] { echoes.append(try await test.spawn(Echo.self, named: name)) }
            for echo in echoes { try await group.join(echo) }
            try await group.join(echoes[0])
            #expect(try await names(group) == ["b", "a", "c"])
            #expect(try await group.members() == echoes)
            try await group.leave(echoes[0])
            try await group.leave(echoes[0])
            #expect(try await names(group) == ["a", "c"])
            #expect(try await group.tell { try await $0.note(1) } == 2)
            #expect(try await echoes[0].notes() == [])
            #expect(try await echoes[1].notes() == [1])
            #expect(try await echoes[2].notes() == [1])
        }
    }

    @Test func `a member stays one while it is restarted, and messages to it wait`() async throws {
        try await withTestSystem { test in
            let group = test.system.group(of: Echo.self, named: "echoes")
            let a = try await test.spawn(Echo.self, named: "a")
            let b = try await test.spawn(Echo.self, named: "b")
            for echo in [a, b] { try await group.join(echo) }
            for round in 1...3 {
                let pid = try await a.processID()
                try await test.kill(a)
                #expect(try await names(group) == ["a", "b"])
                #expect(try await group.tell { try await $0.note(round) } == 2)
                #expect(try await a.processID() != pid)
                #expect(try await a.notes() == [round])
            }
            #expect(try await b.notes() == [1, 2, 3])
        }
    }

    @Test func `a member that is gone for good leaves by itself`() async throws {
        try await withTestSystem { test in
            let group = test.system.group(of: Echo.self, named: "echoes")
            let stopped = try await test.spawn(Echo.self, named: "stopped")
            let killed = try await test.spawn(
                Echo.self, named: "killed", options: SpawnOptions(restart: .temporary))
            let givenUp = try await test.spawn(
                Echo.self, named: "given up",
                options: SpawnOptions(intensity: .init(restarts: 0, within: .seconds(60))))
            let leaver = try await test.spawn(
                Echo.self, named: "leaver", options: SpawnOptions(restart: .transient))
            for echo in [stopped, killed, givenUp, leaver] { try await group.join(echo) }
            try await test.system.stop(stopped)
            #expect(try await names(group) == ["killed", "given up", "leaver"])
            try await test.kill(killed)
            #expect(try await names(group) == ["given up", "leaver"])
            try await test.kill(givenUp)
            #expect(try await names(group) == ["leaver"])
            let watch = try await test.system.watch(leaver)
            try await leaver.stopYourself()
            #expect(try await watch.value == .normal)
            #expect(try await names(group) == [])
            let error = await #expect(throws: GroupError.self) { try await group.join(stopped) }
            #expect(error?.code == .memberEnded && error?.group == "echoes")
            let node = try #require(test.system.node)
            let isEmpty: Bool = try await node.onLoop { node, done in done(.success(node.groups.isEmpty)) }
            #expect(isEmpty)
        }
    }

    @Test func `everyone of a hundred members is told, in the order of telling`() async throws {
        try await withTestSystem { test in
            let group = test.system.group(of: Echo.self, named: "echoes")
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 1...100 {
                    tasks.addTask { try await group.join(try await test.spawn(Echo.self)) }
                }
                try await tasks.waitForAll()
            }
            for number in 1...20 {
                #expect(try await group.tell { try await $0.note(number) } == 100)
            }
            for echo in try await group.members() {
                #expect(try await echo.notes() == Array(1...20))
            }
        }
    }

    @Test func `a member that dies meanwhile is a dead letter and no error`() async throws {
        var options = SystemOptions()
        // It is to be this test that kills the stopped one.
        options.stoppedGrace = .seconds(600)
        try await withTestSystem(options: options) { test in
            let group = test.system.group(of: Echo.self, named: "echoes")
            let options = SpawnOptions(restart: .temporary)
            let dying = try await test.spawn(Echo.self, named: "dying", options: options)
            let living = try await test.spawn(Echo.self, named: "living")
            for echo in [dying, living] { try await group.join(echo) }
            let watch = try await test.system.watch(dying)
            // It takes nothing any more, and dies with the message unread.
            let pid = try await dying.processID()
            Processes.signal(pid, SIGSTOP)
            #expect(try await group.tell { try await $0.note(1) } == 2)
            Processes.signal(pid, SIGKILL)
            try await test.events.wait(for: "the dead letter") {
                if case .deadLetter(let letter) = $0.kind { letter.receiver == "dying" } else { false }
            }
            #expect(try await living.notes() == [1])
            #expect(try await watch.value == .crashed(signal: SIGKILL))
            #expect(try await names(group) == ["living"])
        }
    }

    @Test func `a member whose mailbox is full holds up the return, and not the others`() async throws {
        var options = SystemOptions()
        options.mailboxMessages = 2
        try await withTestSystem(options: options) { test in
            let group = test.system.group(of: Echo.self, named: "echoes")
            let busy = try await test.spawn(Echo.self, named: "busy")
            let idle = try await test.spawn(Echo.self, named: "idle")
            let signal = Signal(actorSystem: test.system)
            let blocker = Task { try await busy.sleepForEver(signal) }
            try await signal.waitFor("started")
            for echo in [busy, idle] { try await group.join(echo) }
            #expect(try await group.tell { try await $0.note(1) } == 2)
            let waiting = Task { try await group.tell { try await $0.note(2) } }
            while try await idle.notes() != [1, 2] { await Task.yield() }
            blocker.cancel()
            #expect(try await waiting.value == 2)
            #expect(try await busy.notes() == [1, 2])
        }
    }

    @Test func `a group of another type under the same name is an error that names the type`() async throws {
        try await withTestSystem { test in
            let echoes = test.system.group(of: Echo.self, named: "all")
            let counters = test.system.group(of: Counter.self, named: "all")
            let echo = try await test.spawn(Echo.self)
            let counter = try await test.spawn(Counter.self, .init(start: 0))
            try await echoes.join(echo)
            for attempt in [
                { _ = try await counters.join(counter) }, { try await counters.leave(counter) },
                { _ = try await counters.members() }, { try await counters.tell { try await $0.bump() } },
            ] as [() async throws -> Void] {
                let error = await #expect(throws: GroupError.self) { try await attempt() }
                #expect(error?.code == .wrongType)
                #expect(error?.message == "it is a group of Echo, and not of Counter")
            }
            try await echoes.leave(echo)
            try await counters.join(counter)
            #expect(try await counters.tell { try await $0.bump() } == 1)
        }
    }

    @Test func `a group of another system is refused`() async throws {
        let old = try await ProcessActorSystem.start()
        let group = old.group(of: Echo.self, named: "echoes")
        await old.stop()
        for await _ in group.changes { Issue.record("a change in a system that has ended") }
        try await withTestSystem { test in
            let clerk = try await test.spawn(Clerk.self)
            let error = await #expect(throws: GroupError.self) { try await clerk.members(of: group) }
            #expect(error?.code == .otherSystem)
        }
    }
}
