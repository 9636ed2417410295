import Glibc
import Roost
import TimedPrograms

/// A program with actors and blobs, which is killed with all that it has.
enum Victim {
    static let actors = 4
    static let blobs = 5

    /// What it did not do before its limit.
    struct NotKilled: Error {}

    /// Runs the program, and kills it when everything is there; gives the processes of its actors.
    static func runAndKill() async throws -> [Int32] {
        let program = TimedProgram(path: "/proc/self/exe", arguments: [Command.victimOption])
        let result = try await program.run(limit: .seconds(10))
        let processes = result.output.split(separator: "\n").compactMap { Int32($0) }
        guard result.end == .killed(signal: SIGKILL), processes.count == actors else { throw NotKilled() }
        return processes
    }

    /// What the program does: it starts its actors, says where they are, and is killed.
    static func live() async throws {
        let system = try await ProcessActorSystem.start()
        let data = try (0..<blobs).map { try Blob(copying: [UInt8](repeating: UInt8($0), count: 1_000_000)) }
        for _ in 0..<actors {
            let reader = try await system.spawn(Reader.self)
            try await reader.keep(data)
        }
        for process in try await system.processes() {
            if let number = process.processID { print(number) }
        }
        Output.flush()
        kill(getpid(), SIGKILL)
    }
}
