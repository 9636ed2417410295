import Distributed
import Glibc
import RoostTesting
import Testing

@Suite struct StoppingTests {
    private func code(_ body: () async throws -> Void) async -> RemoteCallError.Code? {
        await (caught(body) as RemoteCallError?)?.code
    }

    @Test func `an actor with the policy kill is not asked`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, options: SpawnOptions(shutdown: .kill))
            let watch = try await test.system.watch(echo)
            let signal = Signal(actorSystem: test.system)
            async let serving = code { try await echo.sleepForEver(signal) }
            try await signal.waitFor("started")
            try await test.system.stop(echo)
            #expect(try await watch.value == .killed(by: .shutdownTimeout))
            let served = await serving
            #expect(served == .interrupted)
        }
    }

    @Test func `an actor with the policy infinity has as long as it takes`() async throws {
        var options = SystemOptions()
        options.shutdown = .within(.milliseconds(20))
        try await withTestSystem(options: options) { test in
            let echo = try await test.spawn(Echo.self, options: SpawnOptions(shutdown: .infinity))
            let watch = try await test.system.watch(echo)
            let signal = Signal(actorSystem: test.system)
            async let serving = echo.noteSlowlyAndTell(signal)
            try await signal.waitFor("serving")
            try await test.system.stop(echo)
            let served = try await serving
            #expect(served == "finished")
            #expect(try await watch.value == .shutdown)
        }
    }

    @Test func `an actor that does not stop gets SIGTERM first, and SIGKILL if that does not end it`()
        async throws
    {
        let path = "/tmp/roost-terminated-\(getpid())"
        defer { unsafe _ = unlink(path) }
        try await withTestSystem { test in
            let options = SpawnOptions(shutdown: .within(.seconds(3)))
            let actor = try await test.spawn(Stubborn.self, options: options)
            let watch = try await test.system.watch(actor)
            let signal = Signal(actorSystem: test.system)
            async let computing = code { try await actor.compute(noting: path, signal) }
            try await signal.waitFor("computing")
            try await test.system.stop(actor)
            #expect(try await watch.value == .killed(by: .shutdownTimeout))
            let computed = await computing
            #expect(computed == .interrupted)
            var status = stat()
            unsafe stat(path, &status)
            #expect(status.st_size == 1)
        }
    }

    @Test func `an actor that is being started is stopped at once`() async throws {
        try await withTestSystem { test in
            async let error = spawnError { _ = try await test.spawn(NeverReady.self, named: "n") }
            try await test.events.wait(for: "its process") { $0.kind == .spawned }
            await test.system.stop()
            let reason = await error?.exitReason
            #expect(reason == .shutdown)
        }
    }

    @Test(arguments: [SystemOptions.SpawnMethod.zygote, .exec, .inProcess])
    func `willStop runs once, after the last message, and what it sends arrives`(
        method: SystemOptions.SpawnMethod
    ) async throws {
        var options = SystemOptions()
        options.spawnMethod = method
        options.shutdown = .within(.seconds(60))
        try await withTestSystem(options: options) { test in
            let signal = Signal(actorSystem: test.system)
            let heir = try await test.spawn(Echo.self)
            let leaver = try await test.spawn(Leaver.self, .init(signal: signal, heir: heir))
            let watch = try await test.system.watch(leaver)
            async let serving: Void = leaver.serve()
            try await signal.waitFor("serving")
            async let stopped: Void = test.system.stop(leaver)
            // What waits in the mailbox is given back when the actor has been asked to stop.
            #expect(await code { try await leaver.nothing() } == .notDelivered)
            #expect(try await signal.all() == ["serving"])
            try await signal.fire("go")
            try await serving
            try await stopped
            #expect(try await watch.value == .shutdown)
            #expect(try await signal.all() == ["serving", "go", "stopping after 1"])
            #expect(try await heir.notes() == Array(1...100))
        }
    }

    @Test func `willStop runs in an actor that has served nothing`() async throws {
        try await withTestSystem { test in
            let signal = Signal(actorSystem: test.system)
            let leaver = try await test.spawn(Leaver.self, .init(signal: signal))
            try await test.system.stop(leaver)
            #expect(try await signal.all() == ["stopping after 0"])
        }
    }

    @Test func `willStop does not run in an actor that ends itself, or is killed`() async throws {
        try await withTestSystem { test in
            let signal = Signal(actorSystem: test.system)
            let options = SpawnOptions(restart: .temporary)
            let first = try await test.spawn(Leaver.self, .init(signal: signal), options: options)
            let watch = try await test.system.watch(first)
            try await first.stopYourself()
            #expect(try await watch.value == .normal)
            let second = try await test.spawn(Leaver.self, .init(signal: signal), options: options)
            try await test.kill(second)
            #expect(try await signal.all() == [])
        }
    }

    @Test func `actors that call each other in willStop all stop`() async throws {
        try await withTestSystem { test in
            let signal = Signal(actorSystem: test.system)
            let one = try await test.spawn(Leaver.self, named: "one", .init(signal: signal))
            let two = try await test.spawn(Leaver.self, named: "two", .init(signal: signal))
            try await one.meet(two)
            try await two.meet(one)
            let watches = try await [test.system.watch(one), test.system.watch(two)]
            await test.system.stop()
            for watch in watches { #expect(try await watch.value == .shutdown) }
            #expect(try await signal.all() == ["stopping after 0", "stopping after 0"])
        }
    }

    @Test func `a willStop that does not end is ended by the policy`() async throws {
        try await withTestSystem { test in
            let options = SpawnOptions(shutdown: .within(.milliseconds(50)))
            let clinging = try await test.spawn(Clinging.self, options: options)
            let watch = try await test.system.watch(clinging)
            try await test.system.stop(clinging)
            #expect(try await watch.value == .killed(by: .shutdownTimeout))
        }
    }

    @Test func `a call back on behalf of the last message is served while the actor stops`() async throws {
        try await withTestSystem { test in
            let signal = Signal(actorSystem: test.system)
            // Longer than a busy machine may take to get to the answer.
            let asker = try await test.spawn(
                Leaver.self, .init(signal: signal), options: SpawnOptions(shutdown: .within(.seconds(60))))
            let other = try await test.spawn(Leaver.self, .init(signal: signal))
            async let answer = asker.ask(other)
            try await signal.waitFor("serving")
            async let stopped: Void = test.system.stop(asker)
            #expect(await code { try await asker.nothing() } == .notDelivered)
            try await signal.fire("go")
            #expect(try await answer == 42)
            try await stopped
            #expect(try await signal.all() == ["serving", "go", "stopping after 0"])
        }
    }

    private func spawnError(_ body: () async throws -> Void) async -> SpawnError? {
        await caught(body)
    }
}
