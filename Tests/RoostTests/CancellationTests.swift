import Distributed
import Glibc
import RoostTesting
import Testing

@Suite struct CancellationTests {
    @Test func `a call of a task that is cancelled already is not sent`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self)
            let task = Task {
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                try await echo.note(1)
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await echo.notes() == [])
        }
    }

    @Test func `a call that is cancelled while its actor restarts is not sent to the next incarnation`()
        async throws
    {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, named: "e")
            let zygote = try #require(try await test.system.zygoteProcessID())
            Processes.signal(zygote, SIGSTOP)
            defer { Processes.signal(zygote, SIGCONT) }
            try await test.kill(echo)
            let task = Task { try await echo.note(1) }
            try await echo.tell { try await $0.note(2) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            Processes.signal(zygote, SIGCONT)
            #expect(try await echo.notes() == [2])
        }
    }

    @Test func `a call that is cancelled while it waits in the mailbox is a dead letter`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, named: "e")
            let signal = Signal(actorSystem: test.system)
            let serving = Task { try await echo.sleepForEver(signal) }
            try await signal.waitFor("started")
            let waiting = Task { try await echo.note(1) }
            // Behind the call, so that its credit comes back only after the call has arrived.
            try await echo.tell { try await $0.note(2) }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            serving.cancel()
            _ = await serving.result
            let notes = try await echo.notes()
            #expect(notes == [2])
        }
    }

    @Test func `a call to an actor of the same process is cancelled too`() async throws {
        try await withTestSystem { test in
            let signal = Signal(actorSystem: test.system)
            let sleeper = Sleeper(actorSystem: test.system)
            let reference = try Sleeper.resolve(id: sleeper.id, using: test.system)
            let task = Task { try await reference.sleepForEver(signal) }
            try await signal.waitFor("started")
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await signal.waitFor("cancelled")
        }
    }

    @Test func `a call back that is being served is cancelled with the calls it is part of`() async throws {
        try await withTestSystem { test in
            let relay = try await test.spawn(Relay.self)
            let other = try await test.spawn(Relay.self)
            let signal = Signal(actorSystem: test.system)
            let task = Task { try await relay.sleep(over: other, signal) }
            try await signal.waitFor("started")
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await signal.waitFor("cancelled")
            // All of them serve again.
            #expect(try await relay.roundTrip(over: other, depth: 2) == 2)
        }
    }
}
