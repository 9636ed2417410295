import Distributed
import Glibc
import RoostTesting
import Testing

@Suite struct StoppingTests {
    private func code(_ body: () async throws -> Void) async -> RemoteCallError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? RemoteCallError)?.code
        }
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
            let options = SpawnOptions(shutdown: .within(.milliseconds(100)))
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

    private func spawnError(_ body: () async throws -> Void) async -> SpawnError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? SpawnError
        }
    }
}
