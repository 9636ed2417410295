import Distributed
import Glibc
import RoostTesting
import Testing

/// Actors that begin the next message when the present one suspends.
@Suite struct ReentrantActorTests {
    @Test func `a message is begun while another waits`() async throws {
        try await withTestSystem { test in
            let juggler = try await test.spawn(Juggler.self)
            async let a = juggler.hold("a")
            try await begun(["a"], in: juggler)
            async let b = juggler.hold("b")
            try await begun(["a", "b"], in: juggler)
            try await juggler.release("b")
            #expect(try await b == "b")
            try await juggler.release("a")
            #expect(try await a == "a")
        }
    }

    @Test func `messages to a reentrant actor begin in the order sent and interleave`() async throws {
        try await withTestSystem { test in
            let local = Juggler(actorSystem: test.system)
            let jugglers = [
                try await test.spawn(Juggler.self), try Juggler.resolve(id: local.id, using: test.system),
            ]
            for juggler in jugglers {
                for number in 0..<300 { try await juggler.tell { try await $0.note(number) } }
                #expect(try await juggler.begun() == (0..<300).map(String.init))
                #expect(try await juggler.mostAtOnce() > 1)
            }
        }
    }

    @Test func `a reentrant actor has no more under way than its mailbox takes`() async throws {
        var options = SystemOptions()
        options.mailboxMessages = 4
        try await withTestSystem(options: options) { test in
            let juggler = try await test.spawn(Juggler.self)
            for number in 0..<100 { try await juggler.tell { try await $0.note(number) } }
            #expect(try await juggler.begun() == (0..<100).map(String.init))
            #expect((2...4).contains(try await juggler.mostAtOnce()))
        }
    }

    @Test func `a reentrant actor is called back like any other`() async throws {
        try await withTestSystem { test in
            let juggler = try await test.spawn(Juggler.self)
            let partner = try await test.spawn(Partner.self)
            #expect(try await juggler.callBack(over: partner) == 42)
        }
    }

    @Test func `stopping waits for all that a reentrant actor has begun, and begins nothing more`()
        async throws
    {
        try await withTestSystem { test in
            // Longer than a busy machine may take to get here.
            let juggler = try await test.spawn(
                Juggler.self, options: SpawnOptions(shutdown: .within(.seconds(60))))
            let gate = Gate(actorSystem: test.system)
            let calls = (0..<5).map { number in Task { try await juggler.pass(gate, 6, number) } }
            while try await juggler.begun().count < 5 { await Task.yield() }
            async let stopped: Void = test.system.stop(juggler)
            var error: RemoteCallError?
            while error == nil { error = await caught { _ = try await juggler.begun() } }
            #expect(error?.code == .notDelivered)
            await gate.whenLocal { await $0.arrive(6) }
            for (number, call) in calls.enumerated() { #expect(try await call.value == number) }
            try await stopped
        }
    }

    @Test func `every call to a reentrant actor that is killed has its outcome`() async throws {
        try await withTestSystem { test in
            let juggler = try await test.spawn(Juggler.self)
            let calls = (0..<20).map { number in Task { try await juggler.hold("\(number)") } }
            while try await juggler.begun().count < 20 { await Task.yield() }
            try await test.kill(juggler)
            for call in calls {
                let error: RemoteCallError? = await caught { _ = try await call.value }
                #expect(error?.code == .interrupted)
            }
            #expect(try await juggler.begun() == [])
        }
    }

    @Test func `one of several messages is cancelled, and the others go on`() async throws {
        try await withTestSystem { test in
            let juggler = try await test.spawn(Juggler.self)
            let signal = Signal(actorSystem: test.system)
            async let other = juggler.hold("other")
            try await begun(["other"], in: juggler)
            let task = Task { try await juggler.sleepForEver(signal) }
            try await signal.waitFor("started")
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await signal.waitFor("cancelled")
            try await juggler.release("other")
            #expect(try await other == "other")
        }
    }

    @Test(.disabled(if: isPortable))
    func `a crash report names the message of a reentrant actor that was begun last`() async throws {
        try await withTestSystem { test in
            let one = try await test.spawn(Juggler.self, named: "one")
            let first = Task { try await one.crash(after: "a") }
            try await begun(["a"], in: one)
            _ = try? await one.crash()
            _ = await first.result
            #expect(try await target(of: "one", test)?.contains("crash()") == true)
            // Once that has ended, it is the one before.
            let other = try await test.spawn(Juggler.self, named: "other")
            let second = Task { try await other.crash(after: "a") }
            try await begun(["a"], in: other)
            _ = try? await other.release("a")
            _ = await second.result
            #expect(try await target(of: "other", test)?.contains("crash(after:)") == true)
        }
    }

    private func begun(_ expected: [String], in juggler: Juggler) async throws {
        while try await juggler.begun() != expected { await Task.yield() }
    }

    private func target(of actor: String, _ test: TestSystem) async throws -> String? {
        @Sendable func report(_ event: SystemEvent) -> CrashReport? {
            if case .crashed(let report) = event.kind, report.actor == actor { report } else { nil }
        }
        try await test.events.wait(for: "the crash of \(actor)") { report($0) != nil }
        return test.events.all.compactMap(report).first?.message?.target
    }
}

private let isPortable = unsafe getenv("ROOST_PORTABLE") != nil
