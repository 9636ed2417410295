/// What the program said of its run on standard error.
struct RunLog {
    /// A line of the table of workers: the name, and how often the worker was restarted.
    private(set) var restarts: [String: Int] = [:]
    private(set) var strikes = 0
    private(set) var planned = 0
    private(set) var zygoteKills = 0
    private(set) var redeliveries = 0

    /// Reads the table, and the line on chaos if there is one.
    init(_ errors: String) {
        for line in errors.split(separator: "\n") {
            let words = line.split(separator: " ")
            if line.hasPrefix("tokenizer-") || line.hasPrefix("reducer-") {
                restarts[String(words[0])] = words.last.flatMap { Int($0) }
            }
            if let match = line.firstMatch(of: Self.chaos) {
                strikes = Int(match.1) ?? 0
                planned = Int(match.2) ?? 0
                zygoteKills = Int(match.3) ?? 0
                redeliveries = Int(match.4) ?? 0
            }
        }
    }

    private static var chaos: Regex<(Substring, Substring, Substring, Substring, Substring)> {
        /chaos: (\d+) of (\d+) strikes .*zygote=(\d+)\).* (\d+) redeliveries/
    }

    /// How often all workers of a kind were restarted.
    func restarts(of kind: String) -> Int {
        restarts.filter { $0.key.hasPrefix(kind) }.values.reduce(0, +)
    }
}
