import Distributed
import Glibc
import RoostTesting
import Testing

@Suite struct StatisticsTests {
    private func figures(_ name: String, _ test: TestSystem) async throws -> ActorStatistics {
        try #require(try await test.system.statistics(within: .seconds(20)).first { $0.name == name })
    }

    @Test(arguments: [SystemOptions.SpawnMethod.zygote, .inProcess])
    func `messages are counted exactly, in and out`(_ method: SystemOptions.SpawnMethod) async throws {
        var options = SystemOptions()
        options.spawnMethod = method
        try await withTestSystem(options: options) { test in
            let echo = try await test.spawn(Echo.self, named: "echo")
            let relay = try await test.spawn(Relay.self, named: "relay")
            let new = try await test.system.statistics(within: .seconds(20))
            #expect(new.map(\.name) == ["echo", "relay"])
            #expect(new.allSatisfy { $0.received == 0 && $0.served == 0 && $0.sent == 0 && $0.busy == .zero })
            try await relay.tellMany(echo, 0..<100)
            #expect(try await relay.call(echo, 100).count == 101)
            let pids = (try await test.processID(of: "echo"), try await test.processID(of: "relay"))
            let (receiver, sender) = (try await figures("echo", test), try await figures("relay", test))
            #expect(receiver.received == 102 && receiver.served == 102 && receiver.waiting == 0)
            #expect(receiver.sent == 0)
            #expect(sender.received == 2 && sender.served == 2 && sender.sent == 102)
            #expect(receiver.processID == pids.0 && sender.processID == pids.1)
            #expect(receiver.bytesReceived > 102 * 16 && sender.bytesSent > 102 * 16)
            #expect(receiver.typeName == "Echo" && receiver.incarnation == 1 && receiver.restarts == 0)
        }
    }

    @Test func `bytes are those on the sockets`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, named: "echo")
            try await echo.nothing()
            let before = try await figures("echo", test)
            let bytes = [UInt8](repeating: 7, count: 1_000_000)
            for _ in 1...3 { #expect(try await echo.echo(bytes) == bytes) }
            let meanwhile = try await figures("echo", test).since(before)
            for count in [meanwhile.bytesReceived, meanwhile.bytesSent] {
                #expect((3_000_000...3_001_000).contains(count))
            }
            #expect(meanwhile.served == 3 && meanwhile.received == 3)
            #expect(meanwhile.servedPerSecond > 0)
        }
    }

    @Test func `an actor that serves is busy, and one that does not is not`() async throws {
        try await withTestSystem { test in
            let busy = try await test.spawn(Echo.self, named: "busy")
            _ = try await test.spawn(Echo.self, named: "idle")
            let signal = Signal(actorSystem: test.system)
            let serving = Task { try await busy.sleepForEver(signal) }
            try await signal.waitFor("started")
            try await busy.tell { try await $0.note(1) }
            var before = try await figures("busy", test)
            // It never ends by itself: sooner or later the message has come.
            while before.waiting == 0 { before = try await figures("busy", test) }
            #expect(before.received == 2 && before.served == 1 && before.waiting == 1)
            var now = try await figures("busy", test)
            while now.since(before).period < .milliseconds(50) { now = try await figures("busy", test) }
            #expect(now.since(before).busyShare > 0.5 && now.since(before).served == 0)
            let idle = try await figures("idle", test)
            #expect(idle.busyShare == 0 && idle.servedPerSecond == 0 && idle.age < .seconds(10))
            serving.cancel()
            _ = await serving.result
            #expect(try await busy.notes() == [1])
            let after = try await figures("busy", test)
            #expect(after.served == 3 && after.waiting == 0)
        }
    }

    @Test func `a stopped or computing actor holds nobody up, and its last figures are given with their age`()
        async throws
    {
        var options = SystemOptions()
        options.stoppedGrace = .seconds(600)
        try await withTestSystem(options: options) { test in
            let stopped = try await test.spawn(Echo.self, named: "stopped")
            let computing = try await test.spawn(Echo.self, named: "computing")
            let idle = try await test.spawn(Echo.self, named: "idle")
            for echo in [stopped, computing, idle] { try await echo.note(1) }
            _ = try await test.system.statistics(within: .seconds(20))
            let pid = try #require(try await test.processID(of: "stopped"))
            Processes.signal(pid, SIGSTOP)
            let signal = Signal(actorSystem: test.system)
            let computation = Task { try await computing.computeForEver(signal) }
            try await signal.waitFor("started")
            try await stopped.tell { try await $0.note(2) }
            // Any number of questions: they do not gather before who cannot answer.
            for _ in 1...3 {
                let begun = ContinuousClock.now
                let all = try await test.system.statistics(within: .milliseconds(100))
                #expect(begun.duration(to: .now) < .seconds(5))
                #expect(all.map(\.name) == ["stopped", "computing", "idle"])
                // The one that computes answers until it does, and with a loop of its own always.
                #expect(all[0].served == 1 && (1...2).contains(all[1].served) && all[2].served == 1)
                #expect(all[0].age >= .milliseconds(100) && all[0].processID == pid)
            }
            Processes.signal(pid, SIGCONT)
            #expect(try await stopped.notes() == [1, 2])
            var last = try await test.system.statistics(within: .milliseconds(100))[0]
            while last.age > .milliseconds(100) {
                last = try await test.system.statistics(within: .milliseconds(100))[0]
            }
            #expect(last.served == 3)
            try await test.kill(computing)
            _ = await computation.result
        }
    }

    @Test func `a killed actor begins to count anew, and its restarts are counted`() async throws {
        try await withTestSystem { test in
            let options = SpawnOptions(
                backoff: Backoff(initial: .seconds(60), maximum: .seconds(60), jitter: 0))
            let echo = try await test.spawn(Echo.self, named: "echo", options: options)
            for number in 1...5 { try await echo.note(number) }
            let first = try await figures("echo", test)
            #expect(first.served == 5 && first.restarts == 0)
            try await test.kill(echo)
            try await echo.nothing()
            let second = try await figures("echo", test)
            #expect(second.served == 1 && second.restarts == 1 && second.incarnation == 2)
            #expect(second.processID != first.processID)
            #expect(second.since(first) == second)
            // The next restart is a minute away: the last figures are given.
            try await test.kill(echo)
            let third = try await figures("echo", test)
            #expect(third.processID == nil && third.served == 1 && third.incarnation == 2)
            try await test.system.stop(echo)
            #expect(try await test.system.statistics().isEmpty)
        }
    }

    @Test func `a worker sees the same figures, its own among them`() async throws {
        try await withTestSystem { test in
            let clerk = try await test.spawn(Clerk.self, named: "clerk")
            let echo = try await test.spawn(Echo.self, named: "echo")
            try await echo.note(1)
            let seen = try await clerk.statistics()
            #expect(seen.map(\.name) == ["clerk", "echo"])
            #expect(seen.map(\.served) == [1, 1])
            #expect(seen[0].busy > .zero)
        }
    }
}
