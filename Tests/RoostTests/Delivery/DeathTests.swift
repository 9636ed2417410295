import Distributed
import Glibc
import RoostTesting
import Testing

@testable import Roost

/// Whoever waits for somebody who dies is told at once, with the right code, in whatever state his call was.
@Suite struct DeathTests {
    private let options = SpawnOptions(restart: .temporary)
    private let limit = Machine.limit(.milliseconds(10))

    /// The time from the kill to the last caller's outcome.
    private func lasting(
        _ calls: [Task<RemoteCallError?, Never>], after kill: () -> Void
    ) async -> (errors: [RemoteCallError?], time: Duration) {
        let start = ContinuousClock.now
        kill()
        var errors: [RemoteCallError?] = []
        for call in calls { errors.append(await call.value) }
        return (errors, ContinuousClock.now - start)
    }

    /// The middle one of several tries, each with an actor of its own.
    private func median(
        _ what: String, _ attempt: (TestSystem) async throws -> Duration
    ) async throws {
        var times: [Duration] = []
        try await withTestSystem { test in
            for _ in 1...9 { times.append(try await attempt(test)) }
        }
        times.sort()
        print("\(what): outcome after \(times[4]) (\(times[0]) … \(times[8]))")
        #expect(times[4] < limit, "\(what)")
    }

    @Test func `a call that waits in the mailbox of one who dies`() async throws {
        try await median("before it was served") { test in
            let echo = try await test.spawn(Echo.self, options: options)
            let pid = try await echo.processID()
            let signal = Signal(actorSystem: test.system)
            let serving = Task { await caught { try await echo.sleepForEver(signal) } as RemoteCallError? }
            try await signal.waitFor("started")
            let waiting = Task { await caught { _ = try await echo.notes() } as RemoteCallError? }
            // It has been sent when a later one-way message has been accepted and written.
            try await echo.tell { try await $0.note(1) }
            let (errors, time) = await lasting([serving, waiting]) { Processes.signal(pid, SIGKILL) }
            #expect(errors.allSatisfy { [.interrupted, .terminated].contains($0?.code) }, "\(errors)")
            return time
        }
    }

    /// The reason is waited for for 5 ms, which may be too short where other tests run.
    private func isKilled(_ reason: ExitReason?) -> Bool {
        reason == .crashed(signal: SIGKILL) || !Machine.isQuiet && reason == .unknown
    }

    @Test func `a call that is being served by one who dies`() async throws {
        try await median("while it was served") { test in
            let echo = try await test.spawn(Echo.self, options: options)
            let pid = try await echo.processID()
            let signal = Signal(actorSystem: test.system)
            let call = Task { await caught { try await echo.sleepForEver(signal) } as RemoteCallError? }
            try await signal.waitFor("started")
            let (errors, time) = await lasting([call]) { Processes.signal(pid, SIGKILL) }
            #expect(errors.map { $0?.code } == [.interrupted])
            #expect(isKilled(errors.first??.exitReason))
            return time
        }
    }

    @Test func `a call to one who dies between serving it and answering`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, options: options)
            let error: RemoteCallError? = await caught { try await echo.raise(SIGKILL) }
            #expect(error?.code == .interrupted && isKilled(error?.exitReason))
            // After its end there is nobody to serve anything.
            let later: RemoteCallError? = await caught { try await echo.nothing() }
            #expect(later?.code == .terminated)
        }
    }

    @Test func `a thousand calls that wait for one who dies`() async throws {
        try await median("a thousand calls") { test in
            let echo = try await test.spawn(Echo.self, options: options)
            let pid = try await echo.processID()
            let signal = Signal(actorSystem: test.system)
            let serving = Task { await caught { try await echo.sleepForEver(signal) } as RemoteCallError? }
            try await signal.waitFor("started")
            let calls = (1...1_000).map { number in
                Task { await caught { try await echo.note(number) } as RemoteCallError? }
            }
            let (errors, time) = await lasting([serving] + calls) { Processes.signal(pid, SIGKILL) }
            // Those that had not left had no room, or nobody to go to any more.
            #expect(
                errors.allSatisfy { [.interrupted, .terminated].contains($0?.code) }, "\(errors.prefix(3))")
            return time
        }
    }
}
