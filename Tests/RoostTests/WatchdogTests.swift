import Distributed
import Glibc
import RoostTesting
import Testing

/// Computes without a pause.
distributed actor Thinker: ProcessActor {
    private var done = 0

    distributed func compute(milliseconds: Int, tellingProgress: Bool = false) {
        let start = ContinuousClock.now
        while start.duration(to: .now) < .milliseconds(milliseconds) {
            if tellingProgress { context.progress() }
        }
        done += 1
    }
    distributed func finished() -> Int { done }
    distributed func processID() -> Int32 { getpid() }
}

@Suite struct WatchdogTests {
    private static let watched = SpawnOptions(watchdog: .milliseconds(400))

    private func isInterrupted(_ error: any Error) -> Bool {
        (error as? RemoteCallError)?.code == .interrupted
    }

    @Test func `an actor that computes longer than its limit is killed and replaced`() async throws {
        try await withTestSystem { test in
            let thinker = try await test.spawn(Thinker.self, options: Self.watched)
            let pid = try await thinker.processID()
            for _ in 1...2 {
                let watch = try await test.system.watch(thinker)
                await #expect {
                    try await thinker.compute(milliseconds: 60_000)
                } throws: {
                    isInterrupted($0)
                }
                #expect(try await watch.value == .killed(by: .watchdog))
            }
            #expect(try await thinker.processID() != pid)
        }
    }

    @Test func `an actor that waits longer than its limit is left alone`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, options: Self.watched)
            #expect(try await echo.sleep(milliseconds: 1_500))
        }
    }

    @Test func `an actor that tells of progress may compute for longer`() async throws {
        try await withTestSystem { test in
            let thinker = try await test.spawn(Thinker.self, options: Self.watched)
            try await thinker.compute(milliseconds: 1_500, tellingProgress: true)
            #expect(try await thinker.finished() == 1)
            // Without a word the next one is too long.
            await #expect {
                try await thinker.compute(milliseconds: 60_000)
            } throws: {
                isInterrupted($0)
            }
        }
    }

    @Test func `messages that are finished are progress, however many wait`() async throws {
        try await withTestSystem { test in
            let thinker = try await test.spawn(Thinker.self, options: Self.watched)
            for _ in 1...300 { try await thinker.tell { try await $0.compute(milliseconds: 5) } }
            #expect(try await thinker.finished() == 300)
        }
    }

    @Test func `a process that is stopped is the business of others than its watchdog`() async throws {
        var options = SystemOptions()
        options.stoppedGrace = .milliseconds(1_200)
        try await withTestSystem(options: options) { test in
            let thinker = try await test.spawn(Thinker.self, options: Self.watched)
            let watch = try await test.system.watch(thinker)
            Processes.signal(try await thinker.processID(), SIGSTOP)
            #expect(try await watch.value == .killed(by: .stopped))
        }
    }

    @Test func `actors in the node's own process, and those without a watchdog, compute in peace`()
        async throws
    {
        try await withTestSystem { test in
            let options = SpawnOptions(method: .inProcess, watchdog: .milliseconds(50))
            let inside = try await test.spawn(Thinker.self, options: options)
            let outside = try await test.spawn(Thinker.self)
            try await inside.compute(milliseconds: 300)
            try await outside.compute(milliseconds: 300)
            #expect(try await inside.finished() == 1)
            #expect(try await outside.finished() == 1)
        }
    }

    @Test func `an actor that is being stopped has its shutdown policy instead of its watchdog`()
        async throws
    {
        try await withTestSystem { test in
            let options = SpawnOptions(
                shutdown: .within(.seconds(9)), watchdog: .seconds(6))
            let stubborn = try await test.spawn(Stubborn.self, options: options)
            let watch = try await test.system.watch(stubborn)
            let signal = Signal(actorSystem: test.system)
            let computing = Task { try await stubborn.compute(signal) }
            try await signal.waitFor("computing")
            try await test.system.stop(stubborn)
            #expect(try await watch.value == .killed(by: .shutdownTimeout))
            await #expect(throws: RemoteCallError.self) { try await computing.value }
        }
    }
}
