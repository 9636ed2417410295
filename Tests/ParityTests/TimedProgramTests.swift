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

    @Test func `at the limit a program has hung, and is killed with what it has started`() async throws {
        let result = try await shell("sleep 600 & echo $!; echo begun; wait", limit: .seconds(2))
        #expect(result.end == .hung)
        let lines = result.output.split(separator: "\n")
        #expect(lines.last == "begun")
        let child = try #require(lines.first.flatMap { Int32($0) })
        #expect(isGone(child))
    }

    @Test func `what a program leaves behind at its end is killed`() async throws {
        let result = try await shell("sleep 600 & echo $!", limit: limit)
        #expect(result.end == .exited(0))
        let child = try #require(result.output.split(separator: "\n").first.flatMap { Int32($0) })
        #expect(isGone(child))
    }

    @Test func `a program that is not there cannot be started`() async {
        await #expect(throws: TimedProgramError.self) {
            try await TimedProgram(path: "/nowhere/at-all").run(limit: limit)
        }
    }

    // Its output has ended, so nobody holds that any more: at most a zombie is left, for its new parent to reap.
    private func isGone(_ process: Int32) -> Bool {
        guard kill(process, 0) == 0 else { return true }
        guard let file = unsafe fopen("/proc/\(process)/stat", "r") else { return true }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard unsafe fgets(&line, Int32(line.count), file) != nil else { return true }
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let state = text.split(separator: ")").last?.split(separator: " ").first
        return state == "Z" || state == "X"
    }
}
