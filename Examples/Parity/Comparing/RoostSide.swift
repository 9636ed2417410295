import Roost
import TimedPrograms

/// Roost's side of a row: a program of its own, like Python's.
enum RoostSide {
    /// Runs the row in this process, prints what came of it as the Python programs do, and gives the exit status.
    static func run(_ row: any ParityRow) async -> Int32 {
        var options = SystemOptions()
        // The deaths are on purpose, and the row tells by itself what came of them.
        options.crashReports = .silent
        do {
            let results = try await ProcessActorSystem.run(options) { try await row.run($0) }
            for note in results.notes { print("note \(note)") }
            print("results \(results.count) of \(results.of)")
            return 0
        } catch {
            Output.complain("\(row.name): \(error)")
            return 1
        }
    }

    /// The program that runs a row.
    static func program(_ row: any ParityRow) -> TimedProgram {
        TimedProgram(path: "/proc/self/exe", arguments: [Command.roostOption, row.name])
    }
}
