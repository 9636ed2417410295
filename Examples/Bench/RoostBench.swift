import Glibc

// What Roost costs, next to what the operating system costs: `swift run -c release roost-bench`.
//
// The rows of the peer "limit" are the same work in plain system calls, without Roost. Absolute figures
// move with the machine and its load; what can be compared is the ratio to the limit of the same round.
@main struct RoostBench {
    static func main() async {
        let words = Array(CommandLine.arguments.dropFirst())
        if let role = LimitChild(words) {
            role.serve()
            exit(0)
        }
        do {
            switch try Command(words) {
            case .help:
                print(Command.usage)
            case .measure(let options):
                // Not on the main actor: the client of a benchmark runs on the pool, like any other.
                exit(await Runner(options: options).run() ? 0 : 1)
            }
        } catch {
            Progress.note("roost-bench: \(error)")
            exit(2)
        }
    }
}
