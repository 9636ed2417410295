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
            let kinds = test.events.all.filter { $0.actor == "p" }.map(\.kind)
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
}
