/// What the command line asks for.
enum Command {
    case help
    case list
    case compare(Options)
    /// Only Roost's side of a row, in this process: how the comparison runs it.
    case roost(any ParityRow)
    /// The program that a row kills.
    case victim

    struct Options: Sendable {
        var rows = Catalogue.all
        var limit = Duration.seconds(3)
        var json = false
    }

    /// Why the words of a command line cannot be followed.
    struct Misuse: Error, CustomStringConvertible {
        let description: String
    }

    static let roostOption = "--roost"
    static let victimOption = "--victim"

    init(_ words: [String]) throws(Misuse) {
        var options = Options()
        var chosen: [any ParityRow] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "--help", "-h":
                self = .help
                return
            case "--list":
                self = .list
                return
            case Self.roostOption:
                self = .roost(try Self.row(rest.popFirst()))
                return
            case Self.victimOption:
                self = .victim
                return
            case "--json": options.json = true
            case "--quick": options.limit = .seconds(2)
            case "--limit": options.limit = try Self.limit(rest.popFirst())
            case "--row": chosen.append(try Self.row(rest.popFirst()))
            default: throw Misuse(description: "unknown argument \(word); see --help")
            }
        }
        if !chosen.isEmpty { options.rows = chosen }
        self = .compare(options)
    }

    private static func row(_ name: String?) throws(Misuse) -> any ParityRow {
        guard let name, let row = Catalogue.all.first(where: { $0.name == name }) else {
            throw Misuse(description: "there is no row \"\(name ?? "")\"; the rows are\n\(names)")
        }
        return row
    }

    private static func limit(_ word: String?) throws(Misuse) -> Duration {
        guard let word, let seconds = Double(word), seconds > 0, seconds < 3_600 else {
            throw Misuse(description: "--limit takes a number of seconds")
        }
        return .seconds(seconds)
    }

    /// The rows' names, for people.
    static var names: String {
        let width = Catalogue.all.map(\.name.count).max() ?? 0
        return Catalogue.all
            .map { "  \(Text.left($0.name, width))  \($0.system): \($0.what)" }
            .joined(separator: "\n")
    }

    static var usage: String {
        """
        usage: parity [--row NAME]... [--quick] [--limit SECONDS] [--json] [--list]

        Runs each row as a Python program and as one with Roost, and prints what became of both: finished or
        hung, how many results out of how many, in how many seconds. Without python3 only Roost's side is run.

          --row NAME       only this row; may be repeated
          --limit SECONDS  when a Python program has hung (3)
          --quick          the same with a limit of 2 seconds
          --json           one JSON object a line and side
          --list           the rows' names
          --help           this text

        What Python does is shown, and not judged: much of it depends on who is first. Exit status 1 when a
        row is not complete with Roost, 2 when the arguments are wrong.
        """
    }
}
