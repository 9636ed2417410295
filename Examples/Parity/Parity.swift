import Dispatch
import Glibc
import Synchronization
import TimedPrograms

// What happens when something dies, or goes wrong, while processes work together: with Python's
// `multiprocessing` and `concurrent.futures`, and with Roost. `swift run -c release parity`.
//
// Each row is a small program, once in Python (Python/*.py) and once with Roost (Rows). Both are run as programs
// of their own and with a limit of time, since to hang is what some of them do.
@main struct Parity {
    /// Whether this process has begun to run the program; those of actors never do.
    static let hasBegun = Atomic(false)

    static func main() async {
        hasBegun.store(true, ordering: .relaxed)
        do {
            switch try Command(Array(CommandLine.arguments.dropFirst())) {
            case .help: print(Command.usage)
            case .list: print(Command.names)
            case .roost(let row): exit(await RoostSide.run(row))
            case .victim: try await Victim.live()
            case .compare(let options):
                let interruption = Interruption()
                let isComplete = try await Comparison(options: options).run()
                withExtendedLifetime(interruption) {}
                exit(isComplete ? 0 : 1)
            }
        } catch {
            Output.complain("parity: \(error)")
            exit(2)
        }
    }
}

/// Kills the programs under way when this one is interrupted: they have process groups of their own.
private struct Interruption {
    private let sources: [any DispatchSourceSignal]

    init() {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                RunningGroups.killAll()
                exit(128 + number)
            }
            source.resume()
            return source
        }
    }
}
