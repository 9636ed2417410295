import Distributed
import Glibc
import RoostTesting
import Testing

@Suite struct CrashTests {
    /// The first crash of the actor that the events tell.
    private func report(of actor: String, in test: TestSystem) async throws -> CrashReport {
        try await test.events.wait(for: "the crash of \(actor)") { event in
            if case .crashed(let report) = event.kind { report.actor == actor } else { false }
        }
        let reports = test.events.all.compactMap { event in
            if case .crashed(let report) = event.kind, report.actor == actor { report } else { nil }
        }
        return try #require(reports.first)
    }

    @Test(arguments: [WorkerOutput.prefixed, .discarded])
    func `a crash is told with its last words, the decision in it, and before it is carried out`(
        output: WorkerOutput
    ) async throws {
        let captured = try Captured()
        try await withTestSystem(options: captured.options(output)) { test in
            let options = SpawnOptions(
                restart: .transient, intensity: RestartIntensity(restarts: 1, within: .seconds(60)))
            let printer = try await test.spawn(Printer.self, named: "p", options: options)
            let pid = try await printer.streams().isEmpty ? nil : test.processID(of: "p")
            try await printer.tell { try await $0.complainAndAbort("first\nlast words") }
            let report = try await report(of: "p", in: test)
            #expect(report.typeName == "Printer" && report.processID == pid && report.incarnation == 1)
            #expect(report.reason == .crashed(signal: SIGABRT))
            #expect(report.decision == .restart(after: .zero))
            #expect(report.lastErrors == ["first", "last words"])
            #expect(report.timeAlive > .zero && report.timeAlive < .seconds(60))
            try await test.events.wait(for: "the restart") { $0.kind == .restarted }
            let kinds = test.events.all.filter { event in
                if case .deadLetter = event.kind { false } else { event.actor == "p" }
            }.map(\.kind)
            #expect(
                Array(kinds.dropFirst(2).prefix(3)) == [
                    .terminated(.crashed(signal: SIGABRT)), .crashed(report), .restarting(after: .zero),
                ])
        }
        #expect(captured.lines(.error) == (output == .prefixed ? ["[p] first", "[p] last words"] : []))
    }

    @Test func `giving up and staying dead are told as such, and an orderly end is no crash`() async throws {
        try await withTestSystem { test in
            let never = RestartIntensity(restarts: 0, within: .seconds(60))
            let one = try await test.spawn(Echo.self, named: "one", options: SpawnOptions(intensity: never))
            try await test.kill(one)
            #expect(try await report(of: "one", in: test).decision == .gaveUp)
            let two = try await test.spawn(
                Echo.self, named: "two", options: SpawnOptions(restart: .temporary))
            try await test.kill(two)
            #expect(try await report(of: "two", in: test).decision == .staysDead)
            let three = try await test.spawn(
                Echo.self, named: "three", options: SpawnOptions(restart: .transient))
            try await three.stopYourself()
            try await test.events.wait(for: "the end of three") { $0.kind == .terminated(.normal) }
            // By the time of a later event a report would have come.
            _ = try await test.spawn(Echo.self, named: "four")
            try await test.events.wait(for: "four") { $0.kind == .ready && $0.actor == "four" }
            let reports = test.events.count { event in
                if case .crashed = event.kind { event.actor == "three" } else { false }
            }
            #expect(reports == 0)
        }
    }

    @Test func `the node prints a report on its standard error, after the last words`() async throws {
        let captured = try Captured()
        let system = try await ProcessActorSystem.start(captured.options())
        let printer = try await system.spawn(
            Printer.self, named: "p", options: SpawnOptions(restart: .temporary))
        let watch = try await system.watch(printer)
        try await printer.tell { try await $0.complainAndAbort("oh\n") }
        _ = try await watch.value
        let lines = captured.lines(.error)
        #expect(lines.prefix(2) == ["[p] oh", "roost: Printer \"p\" crashed with SIGABRT"])
        #expect(lines.suffix(2) == ["  its last words:", "    oh"])
        await system.stop()
    }

    @Test(arguments: Crasher.Way.allCases)
    func `a crash is told with the message that was being served`(way: Crasher.Way) async throws {
        try await withTestSystem { test in
            let crasher = try await test.spawn(Crasher.self, named: "c")
            try await crasher.nothing()
            try await crasher.tell { try await $0.crash(way) }
            let report = try await report(of: "c", in: test)
            guard case .crashed(let signal) = report.reason else {
                Issue.record("it \(report.reason)")
                return
            }
            #expect(way.signals.contains(signal))
            guard !isPortable else {
                #expect(report.message == nil && report.mailboxDepth == nil)
                return
            }
            #expect(report.message?.target.contains("crash") == true)
            #expect(report.message?.count == 2 && report.message?.sender == nil)
            #expect(report.mailboxDepth == 0)
            // The next incarnation counts anew.
            try await crasher.tell { try await $0.crash(.abort) }
            try await test.events.wait(for: "the second crash") { event in
                if case .crashed(let report) = event.kind { report.message?.count == 1 } else { false }
            }
        }
    }

    @Test(.disabled(if: isPortable))
    func `the report says who sent the message and how many waited behind it`()
        async throws
    {
        try await withTestSystem { test in
            let crasher = try await test.spawn(Crasher.self, named: "c")
            let relay = try await test.spawn(Relay.self, named: "r")
            let signal = Signal(actorSystem: test.system)
            // The node's way to it is known from here on: what the node sends arrives in the order sent.
            try await crasher.nothing()
            let call = Task { try? await relay.crashLater(crasher, signal) }
            try await signal.waitFor("serving")
            for _ in 1...3 { try await crasher.tell { try await $0.nothing() } }
            try await signal.fire("go")
            let report = try await report(of: "c", in: test)
            #expect(report.message?.target.contains("crashLater") == true)
            #expect(report.message?.sender == "r" && report.mailboxDepth == 3)
            await call.value
        }
    }

    @Test(.disabled(if: isPortable)) func `a message on top of another is told while it lasts`() async throws
    {
        try await withTestSystem { test in
            let relay = try await test.spawn(Relay.self, named: "r")
            let within = try await test.spawn(Crasher.self, named: "within")
            try? await within.crashInCallback(over: relay)
            #expect(try await report(of: "within", in: test).message?.target.contains("crash(") == true)
            let after = try await test.spawn(Crasher.self, named: "after")
            try? await after.crashAfterCallback(over: relay)
            let message = try await report(of: "after", in: test).message
            #expect(message?.target.contains("crashAfterCallback") == true && message?.count == 2)
        }
    }

    @Test func `nobody knows what a process did that was killed`() async throws {
        try await withTestSystem { test in
            let crasher = try await test.spawn(Crasher.self, named: "c")
            try await crasher.nothing()
            try await test.kill(crasher)
            let report = try await report(of: "c", in: test)
            #expect(report.message == nil && report.mailboxDepth == nil)
        }
    }

    @Test func `callers do not wait until a crashing process has ended`() async throws {
        try await withTestSystem { test in
            let crasher = try await test.spawn(Crasher.self, named: "c")
            let processes = [try await crasher.processID()]
            let error = await #expect(throws: RemoteCallError.self) { try await crasher.crashWithoutEnd() }
            #expect(error?.code == .interrupted && error?.exitReason == .crashed(signal: SIGSEGV))
            // What is sent now waits for the next incarnation.
            async let next = crasher.processID()
            #expect(Processes.isAlive(processes[0]))
            Processes.signal(processes[0], SIGSEGV)
            #expect(try await next != processes[0])
            // The same from another worker.
            let relay = try await test.spawn(Relay.self)
            let second = try await crasher.processID()
            let told = try await relay.reasonOfCrashWithoutEnd(crasher)
            // The reason is not waited for for long.
            #expect(
                ["crashed with SIGSEGV", "ended for an unknown reason"].map { "interrupted \($0)" }.contains(
                    told))
            #expect(Processes.isAlive(second))
            Processes.signal(second, SIGSEGV)
            #expect(try await crasher.processID() != second)
        }
    }
}

/// Whether workers have several threads, and so keep no account of what they serve.
private let isPortable = unsafe getenv("ROOST_PORTABLE") != nil
