import Distributed
import Glibc
import RoostTesting
import Testing

@Suite struct FaultTests {
    private func code(_ body: () async throws -> Void) async -> RemoteCallError? {
        await caught(body)
    }

    private func isTerminated(_ event: SystemEvent, _ name: String) -> Bool {
        if case .terminated = event.kind { event.actor == name } else { false }
    }

    @Test func `a killed actor is restarted with its arguments and the reference stays valid`() async throws {
        try await withTestSystem { test in
            let counter = try await test.spawn(Counter.self, named: "c", .init(start: 10))
            #expect(try await counter.add(1) == 11)
            let first = try await counter.processID()
            try await test.kill(counter)
            #expect(try await counter.add(1) == 11)
            #expect(try await counter.processID() != first)
            #expect(!Processes.isChild(first))
            try await test.events.wait(for: "the killing") { $0.kind == .terminated(.killed(by: .user)) }
        }
    }

    @Test(arguments: [SIGKILL, SIGSEGV, SIGABRT, SIGTERM])
    func `Process: a call under way when the actor dies is interrupted with the signal`(signal: Int32)
        async throws
    {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, named: "e")
            let error = await code { try await echo.raise(signal) }
            #expect(error?.code == .interrupted)
            // A call does not wait long for the reason; the event always has it.
            #expect(error?.exitReason == .crashed(signal: signal) || error?.exitReason == .unknown)
            try await test.events.wait(for: "the end") { $0.kind == .terminated(.crashed(signal: signal)) }
            #expect(error?.actor == "e")
            #expect(try await echo.text("again", times: 1) == "again")
        }
    }

    @Test(arguments: [0, 3] as [Int32])
    func `Process: an exit that nobody asked for is a crash with its code`(exitCode: Int32) async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self)
            let error = await code { try await echo.leave(exitCode) }
            #expect(error?.code == .interrupted)
            #expect(error?.exitReason == .exited(code: exitCode) || error?.exitReason == .unknown)
            try await test.events.wait(for: "the end") { $0.kind == .terminated(.exited(code: exitCode)) }
            try await echo.nothing()
        }
    }

    @Test func `a worker that talks to a dying worker learns why`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self)
            let relay = try await test.spawn(Relay.self)
            let told = try await relay.interrupted(by: echo)
            #expect(
                ["crashed with SIGKILL", "ended for an unknown reason"].map { "interrupted \($0)" }.contains(
                    told))
            #expect(try await relay.call(echo, 1) == [1])
        }
    }

    @Test func `messages sent while the actor restarts wait for the next incarnation`() async throws {
        try await withTestSystem { test in
            let options = SpawnOptions(backoff: Backoff(initial: .milliseconds(100), jitter: 0))
            let counter = try await test.spawn(Counter.self, named: "c", .init(start: 0), options: options)
            try await test.kill(counter)
            try await counter.bump()
            // The second restart within the period is delayed; what is sent meanwhile is kept.
            try await test.kill(counter)
            for _ in 1...10 { try await counter.tell { try await $0.bump() } }
            #expect(try await counter.add(0) == 10)
        }
    }

    @Test func `an actor that ends itself ends with its reason`() async throws {
        try await withTestSystem { test in
            let temporary = SpawnOptions(restart: .temporary)
            let one = try await test.spawn(Echo.self, named: "one", options: temporary)
            let watchOne = try await test.system.watch(one)
            try await one.stopYourself()
            #expect(try await watchOne.value == .normal)
            let two = try await test.spawn(Echo.self, named: "two", options: temporary)
            let watchTwo = try await test.system.watch(two)
            try await two.failYourself()
            guard case .failed(let error) = try await watchTwo.value else {
                Issue.record("not failed")
                return
            }
            #expect(error.message.contains("on purpose"))
        }
    }

    @Test func `restart types decide after normal and abnormal ends`() async throws {
        try await withTestSystem { test in
            let transient = SpawnOptions(restart: .transient)
            let actor = try await test.spawn(Echo.self, named: "t", options: transient)
            try await test.kill(actor)
            try await actor.nothing()
            try await actor.stopYourself()
            let error = await code { try await actor.nothing() }
            #expect(error?.code == .terminated || error?.code == .interrupted || error?.code == .notDelivered)
            try await test.events.wait(for: "end of t") { $0.kind == .terminated(.normal) }
            let gone = await code { try await actor.nothing() }
            #expect(gone?.code == .terminated && gone?.exitReason == .normal)
        }
    }

    @Test func `an actor restarted too often stays dead and says so`() async throws {
        try await withTestSystem { test in
            let options = SpawnOptions(intensity: .init(restarts: 2, within: .seconds(60)), backoff: .none)
            let echo = try await test.spawn(Echo.self, named: "e", options: options)
            for _ in 1...2 {
                try await test.kill(echo)
                try await echo.nothing()
            }
            try await test.kill(echo)
            let error = await code { try await echo.nothing() }
            #expect(error?.code == .terminated)
            #expect(error?.exitReason == .killed(by: .user))
            try await test.events.wait(for: "giving up") { $0.kind == .gaveUp(.killed(by: .user)) }
        }
    }

    @Test func `a watch gives one notice after the last message, also to a worker`() async throws {
        try await withTestSystem { test in
            let counter = try await test.spawn(Counter.self, named: "c", .init(start: 0))
            let relay = try await test.spawn(Relay.self)
            let signal = Signal(actorSystem: test.system)
            async let seen = relay.endOf(counter, signal)
            let watch = try await test.system.watch(counter)
            try await signal.waitFor("watching")
            try await test.kill(counter)
            #expect(try await watch.value == .killed(by: .user))
            #expect(try await watch.value == .killed(by: .user))
            let told = try await seen
            #expect(told == "was killed (user)")
        }
    }

    @Test func `watching what is dead is answered at once, and a cancelled watch never`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, options: SpawnOptions(restart: .temporary))
            let cancelled = try await test.system.watch(echo)
            cancelled.cancel()
            try await test.kill(echo)
            #expect(try await test.system.watch(echo).value == .killed(by: .user))
            await #expect(throws: CancellationError.self) { try await cancelled.value }
        }
    }

    @Test func `a stopped process is noticed, killed and replaced`() async throws {
        var options = SystemOptions()
        options.stoppedGrace = .milliseconds(100)
        try await withTestSystem(options: options) { test in
            let counter = try await test.spawn(Counter.self, named: "c", .init(start: 0))
            let pid = try await counter.processID()
            Processes.signal(pid, SIGSTOP)
            try await test.events.wait(for: "the stopped one's end") {
                $0.kind == .terminated(.killed(by: .stopped))
            }
            #expect(try await counter.processID() != pid)
        }
    }

    @Test func `a process that is continued in time lives on`() async throws {
        var options = SystemOptions()
        options.stoppedGrace = .milliseconds(300)
        try await withTestSystem(options: options) { test in
            let counter = try await test.spawn(Counter.self, named: "c", .init(start: 0))
            let pid = try await counter.processID()
            Processes.signal(pid, SIGSTOP)
            Processes.signal(pid, SIGCONT)
            #expect(try await counter.add(2) == 2)
            // Longer than the grace: the timer must have been taken back.
            let echo = try await test.spawn(Echo.self)
            _ = try await echo.sleep(milliseconds: 500)
            #expect(try await counter.processID() == pid)
        }
    }

    @Test func `the zygote's death harms no actor and loses no spawn`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, named: "before")
            let pid = try await echo.processID()
            for round in 1...5 {
                let zygote = try #require(try await test.system.zygoteProcessID())
                async let spawned = withThrowingTaskGroup(of: Int32.self) { group in
                    for number in 1...8 {
                        group.addTask {
                            try await test.spawn(Echo.self, named: "\(round)-\(number)").processID()
                        }
                    }
                    return try await group.reduce(into: Set<Int32>()) { $0.insert($1) }
                }
                Processes.signal(zygote, SIGKILL)
                let processes = try await spawned
                #expect(processes.count == 8)
                try await test.events.wait(for: "a new zygote", count: round) { $0.kind == .zygoteReplaced }
            }
            #expect(try await echo.processID() == pid)
        }
    }

    @Test func `a deadline ends the wait and travels with nested calls`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self)
            let error = await code {
                _ = try await echo.call(within: .milliseconds(50)) {
                    try await $0.sleep(milliseconds: 60_000)
                }
            }
            #expect(error?.code == .deadlineExceeded)
            // The callee's task was cancelled, so the next message is served.
            #expect(try await echo.remaining() == nil)
            let relay = try await test.spawn(Relay.self)
            let left = try await relay.call(within: .seconds(30)) { try await $0.remainingOver(echo) }
            #expect(left.map { $0 > 1 && $0 <= 30 } == true)
        }
    }

    @Test func `a cancelled call ends at once and cancels the callee`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self)
            let signal = Signal(actorSystem: test.system)
            let task = Task { try await echo.sleepForEver(signal) }
            try await signal.waitFor("started")
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await signal.waitFor("cancelled")
            try await echo.nothing()
        }
    }

    @Test func `bad messages are refused with who, what and why`() async throws {
        var options = SystemOptions()
        options.maximumMessageSize = 1 << 20
        try await withTestSystem(options: options) { test in
            let echo = try await test.spawn(Echo.self, named: "e")
            let large = await code { _ = try await echo.echo([UInt8](repeating: 0, count: 2 << 20)) }
            #expect(large?.code == .tooLarge && large?.actor == "e")
            #expect(large?.target.contains("echo") == true)
            let result = await code { _ = try await echo.text("0123456789", times: 200_000) }
            #expect(result?.code == .tooLarge)
            let argument = await code { try await echo.takes(Unencodable()) }
            #expect(argument?.code == .unencodable)
            let undecodable = await code { try await echo.takes(undecodable: Undecodable()) }
            #expect(undecodable?.code == .undecodable)
            let reply = await code { _ = try await echo.unencodable() }
            #expect(reply?.code == .unencodable)
            try await echo.nothing()
        }
    }

    @Test func `an error in a one-way message is a dead letter and the actor lives on`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, named: "e")
            let pid = try await echo.processID()
            try await echo.tell { try await $0.throwsTyped() }
            try await test.events.wait(for: "a dead letter") {
                guard case .deadLetter(let letter) = $0.kind else { return false }
                return letter.receiver == "e" && letter.reason == .threw && letter.detail.contains("as asked")
            }
            #expect(try await echo.processID() == pid)
        }
    }

    @Test func `a sender without credit waits, and nothing is lost`() async throws {
        var options = SystemOptions()
        options.mailboxMessages = 8
        try await withTestSystem(options: options) { test in
            let echo = try await test.spawn(Echo.self)
            for number in 1...500 { try await echo.tell { try await $0.note(number) } }
            #expect(try await echo.notes() == Array(1...500))
            let relay = try await test.spawn(Relay.self)
            try await relay.tellMany(echo, 501..<2_000)
            #expect(try await relay.call(echo, 2_000) == Array(1...2_000))
        }
    }

    @Test func `a reference to an actor of a stopped system is refused`() async throws {
        let old = try await ProcessActorSystem.start()
        let echo = try await old.spawn(Echo.self)
        let id = echo.id
        await old.stop()
        try await withTestSystem { test in
            #expect(throws: RemoteCallError.self) { try Echo.resolve(id: id, using: test.system) }
        }
    }
}
