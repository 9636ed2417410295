/// What the command line asks for.
enum Command {
    case help
    case measure(Options)

    /// What is measured, how often, and how it is printed.
    struct Options: Sendable {
        var benchmarks: [any Benchmark] = Catalogue.all
        var rounds = 5
        var scale = Scale.full
        var json = false
    }

    /// Why the words of a command line cannot be followed.
    struct Misuse: Error, CustomStringConvertible {
        let description: String
    }

    init(_ words: [String]) throws(Misuse) {
        var options = Options()
        var chosen: [any Benchmark] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "--help", "-h":
                self = .help
                return
            case "--json": options.json = true
            case "--quick": options.scale = .quick
            case "--rounds": options.rounds = try Self.rounds(rest.popFirst())
            case "--case": chosen.append(try Self.benchmark(rest.popFirst()))
            default: throw Misuse(description: "unknown argument \(word); see --help")
            }
        }
        if !chosen.isEmpty { options.benchmarks = chosen }
        self = .measure(options)
    }

    private static func rounds(_ word: String?) throws(Misuse) -> Int {
        guard let word, let rounds = Int(word), rounds > 0 else {
            throw Misuse(description: "--rounds takes a number greater than 0")
        }
        return rounds
    }

    private static func benchmark(_ name: String?) throws(Misuse) -> any Benchmark {
        guard let name else { throw Misuse(description: "--case takes a name; the cases are\n\(list)") }
        guard let benchmark = Catalogue.all.first(where: { $0.name == name }) else {
            throw Misuse(description: "there is no case \"\(name)\"; the cases are\n\(list)")
        }
        return benchmark
    }

    private static var list: String {
        let width = Catalogue.all.map(\.name.count).max() ?? 0
        return Catalogue.all
            .map { "  \($0.name)\(String(repeating: " ", count: width - $0.name.count))  \($0.summary)" }
            .joined(separator: "\n")
    }

    static var usage: String {
        """
        usage: roost-bench [--case NAME]... [--rounds N] [--quick] [--json]

        Measures Roost, the same work in plain system calls ("limit"), and in Python where there is a python3,
        and prints a table. Every value is the median over the rounds; every round has new processes. Build it
        with -c release.

          --case NAME  only this case; may be repeated
          --rounds N   how many rounds (5)
          --quick      a tenth of the work in every round
          --json       one JSON object a line: peer, case, metric, value, unit
          --help       this text

        The column "mark" compares with what is expected of Roost. A mark that is missed does not make the
        program fail: machines differ. It exits with 1 when a case fails, 2 when the arguments are wrong.

        The cases:
        \(list)
        """
    }
}
