import Glibc
import Testing
import TimedPrograms

/// Programs are run to their end, or to their limit.
@Suite struct TimedProgramTests {
    private let limit = Duration.seconds(60)

    private func shell(_ script: String, limit: Duration) async throws -> ProgramResult {
        try await TimedProgram(path: "/bin/sh", arguments: ["-c", script]).run(limit: limit)
    }

    @Test func `both outputs and the exit status are told`() async throws {
        let result = try await shell("echo out; echo wrong >&2; exit 3", limit: limit)
        #expect(result.end == .exited(3))
        #expect(result.output == "out\n")
        #expect(result.errors == "wrong\n")
    }

    @Test func `more output than a socket holds is read while the program runs`() async throws {
        let result = try await shell("head -c 3000000 /dev/zero | tr '\\0' x", limit: limit)
        #expect(result.end == .exited(0))
        #expect(result.output.utf8.count == 3_000_000)
    }

    @Test func `a signal that ends the program is told`() async throws {
        #expect(try await shell("kill -SEGV $$", limit: limit).end == .killed(signal: SIGSEGV))
    }

    // What a program has started has its output too, which ends when the last of them does: that would be in ten
    // minutes.
    @Test func `at the limit a program has hung, and is killed with what it has started`() async throws {
        let start = ContinuousClock.now
        let result = try await shell("sleep 600 & echo begun; wait", limit: .seconds(2))
        #expect(result.end == .hung)
        #expect(result.output == "begun\n")
        #expect(ContinuousClock.now - start < .seconds(300))
    }

    @Test func `what a program leaves behind at its end is killed`() async throws {
        let start = ContinuousClock.now
        let result = try await shell("sleep 600 & echo begun", limit: .seconds(900))
        #expect(result.end == .exited(0))
        #expect(result.output == "begun\n")
        #expect(ContinuousClock.now - start < .seconds(300))
    }

    @Test func `a program that is not there cannot be started`() async {
        await #expect(throws: TimedProgramError.self) {
            try await TimedProgram(path: "/nowhere/at-all").run(limit: limit)
        }
    }
}
