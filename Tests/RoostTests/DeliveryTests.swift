import Distributed
import Glibc
import RoostTesting
import Testing

@Suite struct DeliveryTests {
    private func code(_ body: () async throws -> Void) async -> RemoteCallError? {
        await caught(body)
    }

    private func isDeadLetter(_ event: SystemEvent, _ part: String) -> Bool {
        if case .deadLetter(let letter) = event.kind { letter.detail.contains(part) } else { false }
    }

    @Test func `a message larger than the window is admitted alone`() async throws {
        var options = SystemOptions()
        options.mailboxBytes = 1_000
        try await withTestSystem(options: options) { test in
            let echo = try await test.spawn(Echo.self)
            let filling = [UInt8](repeating: 7, count: 100_000)
            for number in 1...50 {
                try await echo.tell { try await $0.note(number) }
                if number % 5 == 0 { try await echo.tell { try await $0.noteLarge(-number, filling) } }
            }
            #expect(try await echo.echo(filling) == filling)
            #expect(try await echo.notes().count == 60)
        }
    }

    @Test(arguments: [true, false])
    func `an accepted message leaves while its sender computes`(flushing: Bool) async throws {
        try await withTestSystem { test in
            let relay = try await test.spawn(Relay.self)
            let signal = Signal(actorSystem: test.system)
            let path = "/tmp/roost-told-\(getpid())-\(flushing)"
            unsafe _ = unlink(path)
            defer { unsafe _ = unlink(path) }
            async let inTime = relay.tellAndCompute(signal, until: path, flushing: flushing)
            try await signal.waitFor("told")
            unsafe _ = close(creat(path, 0o600))
            let cameInTime = try await inTime
            #expect(cameInTime)
        }
    }

    @Test func `what was not written whole goes to the next incarnation in order`() async throws {
        var options = SystemOptions()
        options.stoppedGrace = .seconds(600)
        // A stopped actor grants nothing: the first grant, a part of this, has to do.
        options.mailboxMessages = 2_048
        options.mailboxBytes = 256 << 20
        try await withTestSystem(options: options) { test in
            let echo = try await test.spawn(Echo.self, named: "e")
            let pid = try await echo.processID()
            Processes.signal(pid, SIGSTOP)
            // Far more than the socket takes: most of it stays with the sender.
            let filling = [UInt8](repeating: 1, count: 100_000)
            for number in 1...60 { try await echo.tell { try await $0.noteLarge(number, filling) } }
            Processes.signal(pid, SIGKILL)
            let notes = try await echo.notes()
            #expect(!notes.isEmpty && notes.count < 60)
            #expect(notes == Array((61 - notes.count)...60))
            try await test.events.wait(for: "the lost ones") { isDeadLetter($0, "are not sent again") }
        }
    }

    @Test func `stopping finishes the message under way and gives back the rest`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, named: "e")
            let watch = try await test.system.watch(echo)
            let signal = Signal(actorSystem: test.system)
            async let serving = echo.noteSlowlyAndTell(signal)
            try await signal.waitFor("serving")
            async let waiting = code { _ = try await echo.notes() }
            try await echo.tell { try await $0.note(1) }
            try await test.system.stop(echo)
            let served = try await serving
            #expect(served == "finished")
            // It was in the mailbox, or still with its sender, or on the way between the two.
            let refused = await waiting
            #expect([.notDelivered, .terminated, .interrupted].contains(refused?.code))
            try await test.events.wait(for: "the one-way message") {
                isDeadLetter($0, "stopping") || isDeadLetter($0, "are not sent again")
                    || isDeadLetter($0, "the actor was shut down")
            }
            let after = await code { try await echo.nothing() }
            #expect(after?.code == .terminated && after?.exitReason == .shutdown)
            #expect(try await watch.value == .shutdown)
            try await test.events.wait(for: "its end") {
                $0.actor == "e" && $0.kind == .terminated(.shutdown)
            }
        }
    }

    @Test func `an actor that does not stop in time is killed`() async throws {
        var options = SystemOptions()
        options.shutdown = .within(.milliseconds(200))
        try await withTestSystem(options: options) { test in
            let echo = try await test.spawn(Echo.self, named: "e")
            let watch = try await test.system.watch(echo)
            let signal = Signal(actorSystem: test.system)
            async let serving = code { try await echo.sleepForEver(signal) }
            try await signal.waitFor("started")
            try await test.system.stop(echo)
            #expect(try await watch.value == .killed(by: .shutdownTimeout))
            let interrupted = await serving
            #expect(interrupted?.code == .interrupted)
        }
    }

    @Test func `a broken frame kills its sender and harms nobody else`() async throws {
        try await withTestSystem { test in
            let bad = try await test.spawn(Echo.self, named: "bad")
            let good = try await test.spawn(Counter.self, named: "good", .init(start: 0))
            let relay = try await test.spawn(Relay.self, named: "relay")
            _ = try await relay.call(bad, 1)
            let pids = (try await good.processID(), try await relay.processID(of: bad))
            let error = await code { try await bad.writeGarbage() }
            #expect(error?.code == .interrupted)
            try await test.events.wait(for: "the sender's end") {
                $0.actor == "bad" && $0.kind == .terminated(.killed(by: .protocolViolation))
            }
            #expect(try await good.processID() == pids.0)
            #expect(try await relay.processID(of: bad) != pids.1)
        }
    }

    @Test func `several call-backs on behalf of one message are served one at a time`() async throws {
        try await withTestSystem { test in
            let relay = try await test.spawn(Relay.self)
            var others: [Relay] = []
            for _ in 1...4 { others.append(try await test.spawn(Relay.self)) }
            #expect(try await relay.parallelCallBacks(over: others) == 1)
        }
    }

    @Test func `a recursion of calls is not blocked by a small mailbox, and an endless one is refused`()
        async throws
    {
        var options = SystemOptions()
        options.mailboxMessages = 1
        try await withTestSystem(options: options) { test in
            let a = try await test.spawn(Relay.self)
            let b = try await test.spawn(Relay.self)
            #expect(try await a.roundTrip(over: b, depth: 100) == 100)
            // Thrown where the path had become too long, and by every method on the way back.
            await #expect {
                try await a.roundTrip(over: b, depth: 300)
            } throws: {
                ($0 as? RemoteError)?.message.contains("a recursion without end?") == true
            }
            #expect(try await a.roundTrip(over: b, depth: 3) == 3)
        }
    }

    @Test func `a call whose deadline passed before it was served is a dead letter`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, named: "e")
            let signal = Signal(actorSystem: test.system)
            let task = Task { try await echo.sleepForEver(signal) }
            try await signal.waitFor("started")
            let error = await code {
                try await echo.call(within: .milliseconds(30)) { try await $0.note(1) }
            }
            #expect(error?.code == .deadlineExceeded)
            try await test.events.wait(for: "the dead letter") {
                isDeadLetter($0, "gave up") || isDeadLetter($0, "deadline")
            }
            task.cancel()
            _ = await task.result
            #expect(try await echo.notes() == [])
        }
    }

    @Test func `a one-way message can be cancelled while it waits for room`() async throws {
        var options = SystemOptions()
        options.mailboxMessages = 2
        try await withTestSystem(options: options) { test in
            let echo = try await test.spawn(Echo.self, named: "e")
            let signal = Signal(actorSystem: test.system)
            let blocker = Task { try await echo.sleepForEver(signal) }
            try await signal.waitFor("started")
            try await echo.tell { try await $0.note(1) }
            let waiting = Task { try await echo.tell { try await $0.note(2) } }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            blocker.cancel()
            _ = await blocker.result
            #expect(try await echo.notes() == [1])
        }
    }

    @Test func `a start that failed leaves its name free`() async throws {
        try await withTestSystem { test in
            _ = try? await test.spawn(ThrowsInInit.self, named: "n")
            let echo = try await test.spawn(Echo.self, named: "n")
            try await echo.nothing()
        }
    }

    @Test func `messages to an actor that is being restarted fail at once if it says so`() async throws {
        try await withTestSystem { test in
            let options = SpawnOptions(
                backoff: Backoff(initial: .seconds(60), maximum: .seconds(60), jitter: 0),
                whileRestarting: .failFast)
            let echo = try await test.spawn(Echo.self, named: "e", options: options)
            try await test.kill(echo)
            try await test.events.wait(for: "the first restart") { $0.kind == .restarted }
            try await echo.nothing()
            // The second restart of the period is a minute away.
            try await test.kill(echo)
            let error = await code { try await echo.nothing() }
            #expect(error?.code == .notDelivered && error?.actor == "e")
            #expect(error?.exitReason == .killed(by: .user))
            #expect(error?.message.contains("being restarted") == true)
            try await echo.tell { try await $0.note(1) }
            try await test.events.wait(for: "the one-way message") { isDeadLetter($0, "killed") }
        }
    }

    @Test func `a call to an actor that is being restarted waits no longer than its deadline`() async throws {
        try await withTestSystem { test in
            let options = SpawnOptions(
                backoff: Backoff(initial: .seconds(60), maximum: .seconds(60), jitter: 0))
            let echo = try await test.spawn(Echo.self, named: "e", options: options)
            try await test.kill(echo)
            try await echo.nothing()
            try await test.kill(echo)
            let error = await code {
                try await echo.call(within: .milliseconds(50)) { try await $0.nothing() }
            }
            #expect(error?.code == .deadlineExceeded && error?.actor == "e")
        }
    }
}
