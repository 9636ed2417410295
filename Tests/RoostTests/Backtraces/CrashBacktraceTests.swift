import Distributed
import Foundation
import RoostTesting
import Testing

@testable import Roost

// One after the other: each takes a processor for a second, and other suites run beside this one.
@Suite(.serialized) struct CrashBacktraceTests {
    private func options(
        limit: Duration = .seconds(60), by program: String? = nil,
        method: SystemOptions.SpawnMethod = .zygote
    ) -> SystemOptions {
        var options = SystemOptions()
        options.backtraces = true
        // However busy the machine is.
        options.backtraceLimit = limit
        options.backtraceProgram = program
        options.spawnMethod = method
        return options
    }

    private func isCrash(_ event: SystemEvent) -> Bool {
        if case .crashed = event.kind { true } else { false }
    }

    /// The first crash that the events tell.
    private func report(in test: TestSystem) async throws -> CrashReport {
        try await test.events.wait(for: "a crash", within: .seconds(90)) { event in
            if case .crashed = event.kind { true } else { false }
        }
        let reports = test.events.all.compactMap { event in
            if case .crashed(let report) = event.kind { report } else { nil }
        }
        return try #require(reports.first)
    }

    @Test(arguments: Faller.Way.allCases)
    func `a backtrace names the function that crashed, its file and its line`(way: Faller.Way) async throws {
        try await withTestSystem(options: options()) { test in
            let faller = try await test.spawn(Faller.self, named: "f")
            _ = try? await faller.fall(way)
            let report = try await report(in: test)
            // Other threads than the first have no second stack, and so no handler when theirs overflows.
            if way == .recursion && isPortable {
                #expect(report.missingBacktrace == "the process ended without a word")
                return
            }
            let backtrace = try #require(report.backtrace, "\(report.missingBacktrace ?? "")")
            let frame = try #require(
                backtrace.frames.first { $0.function?.contains(way.function.name) == true }, "\(backtrace)")
            #expect(frame.file?.hasSuffix("RoostTests/Backtraces/Faller.swift") == true)
            #expect(frame.line.map(way.function.lines.contains) == true, "\(frame)")
            #expect(backtrace.frames.contains { $0.function?.contains("fall(_:)") == true })
            #expect(backtrace.frames.contains { $0.omitted > 0 } == (way == .recursion))
            if way != .recursion { #expect(report.description.contains("    \(frame)\n")) }
            // The runtime's own words are not among the process's.
            #expect(report.lastErrors.allSatisfy { !$0.contains("***") && !$0.contains("frames") })
            #expect(report.missingBacktrace == nil)
        }
    }

    @Test func `processes that are not forked make backtraces too`() async throws {
        try await withTestSystem(options: options(method: .exec)) { test in
            let faller = try await test.spawn(Faller.self, named: "f")
            _ = try? await faller.fall(.abort)
            let report = try await report(in: test)
            #expect(report.reason == .crashed(signal: SIGABRT))
            #expect(report.backtrace?.frames.first?.function?.contains("fallSilent(_:)") == true)
        }
    }

    @Test func `callers and the next incarnation do not wait for a backtrace`() async throws {
        let hanging = try HangingProgram()
        try await withTestSystem(options: options(by: hanging.program.path)) { test in
            let faller = try await test.spawn(Faller.self, named: "f")
            let error = await #expect(throws: RemoteCallError.self) { _ = try await faller.fall(.trap) }
            #expect(error?.code == .interrupted)
            try await faller.nothing()
            try await test.events.wait(for: "the restart") { $0.kind == .restarted }
            // It is still being made, or would be, and ends when what it is made of ends.
            let processes = hanging.started()
            #expect(processes.count == 3 && processes.allSatisfy(Processes.isAlive))
            #expect(test.events.count(isCrash) == 0)
            if processes.count == 3 { Processes.signal(processes[1], SIGKILL) }
            let report = try await report(in: test)
            #expect(report.missingBacktrace == "swift-backtrace could not be run, or did not make one")
            #expect(report.lastErrors.contains { $0.contains("as asked") } && report.incarnation == 1)
            #expect(report.decision == .restart(after: .zero))
            #expect(await areGone(processes))
        }
    }

    @Test func `a backtrace that takes too long is ended`() async throws {
        #expect(SystemOptions().backtraceLimit == .seconds(2))
        let hanging = try HangingProgram()
        let options = options(limit: .milliseconds(300), by: hanging.program.path)
        try await withTestSystem(options: options) { test in
            let faller = try await test.spawn(Faller.self, named: "f")
            let crashed = ContinuousClock.now
            _ = try? await faller.fall(.trap)
            let report = try await report(in: test)
            #expect(crashed.duration(to: .now) >= .milliseconds(300))
            #expect(report.missingBacktrace == "it was not made within 0.3 seconds")
            #expect(report.backtrace == nil && report.lastErrors.contains { $0.contains("as asked") })
            // It may have been ended before it came to saying who it is.
            #expect(await areGone(hanging.started(within: .zero)))
        }
    }

    /// Whether the processes end within a second: they were killed, and are nobody's children here.
    private func areGone(_ processes: [Int32]) async -> Bool {
        let begun = ContinuousClock.now
        while processes.contains(where: Processes.isAlive) {
            if begun.duration(to: .now) > .seconds(1) { return false }
            await Task.yield()
        }
        return true
    }

    @Test func `a system that stops waits for the reports of its crashes`() async throws {
        let recorder = try await withTestSystem(options: options()) { test in
            let faller = try await test.spawn(
                Faller.self, named: "f", options: SpawnOptions(restart: .temporary))
            _ = try? await faller.fall(.badAddress)
            return test.events
        }
        let reports = recorder.all.compactMap { event in
            if case .crashed(let report) = event.kind { report } else { nil }
        }
        #expect(reports.count == 1 && reports.first?.backtrace != nil)
    }

    @Test func `a backtrace that cannot be made is missed in the report, and nothing else is`() async throws {
        try await withTestSystem(options: options(by: "/nonexistent/swift-backtrace")) { test in
            let faller = try await test.spawn(Faller.self, named: "f")
            _ = try? await faller.fall(.trap)
            let report = try await report(in: test)
            #expect(report.missingBacktrace == "swift-backtrace could not be run, or did not make one")
            #expect(report.backtrace == nil && report.processID != nil)
            #expect(report.lastErrors.count == 1 && report.lastErrors.first?.contains("as asked") == true)
        }
    }

    @Test func `there is no backtrace unless one is asked for, or of a process that was killed`() async throws
    {
        try await withTestSystem { test in
            let faller = try await test.spawn(Faller.self, named: "f")
            _ = try? await faller.fall(.abort)
            let report = try await report(in: test)
            #expect(report.backtrace == nil && report.missingBacktrace == nil)
        }
        try await withTestSystem(options: options()) { test in
            let faller = try await test.spawn(Faller.self, named: "f")
            try await test.kill(faller)
            let report = try await report(in: test)
            #expect(report.reason == .killed(by: .user))
            #expect(report.backtrace == nil && report.missingBacktrace == nil)
        }
    }

    @Test(arguments: [SystemOptions.SpawnMethod.zygote, .exec])
    func `programs that an actor starts find the settings of backtraces as they were`(
        method: SystemOptions.SpawnMethod
    ) async throws {
        let before = unsafe getenv("SWIFT_BACKTRACE").map { unsafe String(cString: $0) } ?? "enable=no"
        try await withTestSystem(options: options(method: method)) { test in
            let faller = try await test.spawn(Faller.self, named: "f")
            #expect(try await faller.backtraceVariable() == before)
            #expect(try await faller.ownVariables() == 0)
        }
    }
}

/// Whether actors are served by threads of Swift's pool.
private let isPortable = unsafe getenv("ROOST_PORTABLE") != nil
