import Glibc

/// What the command line asks for.
struct Arguments: Equatable, Sendable {
    /// How many tokenizers: by default one for each processor.
    var workers: Int
    var reducers = 2
    var selection = Selection.top(20)
    var chaos: ChaosSpecification?
    var isJSON = false
    var mode = WordMode.unicode
    /// What to count; empty for the corpus that comes with the example.
    var paths: [InputPath] = []
    var wantsHelp = false

    static let workerLimits = 1...256
    static let topLimits = 1...1_000_000_000

    /// Arguments as they are when nothing is asked for.
    init(workers: Int = Arguments.processors) {
        self.workers = workers
    }

    /// Reads a command line, without the program's name.
    ///
    /// An option's value may follow it or stand behind an equals sign; options and paths may be mixed; after `--`
    /// all are paths. Arguments are bytes, because paths are.
    init(parsing arguments: [[UInt8]]) throws(ArgumentError) {
        self.init()
        var words = ArgumentWords(arguments)
        var isTopGiven = false
        while let word = words.next() {
            switch word {
            case .path(let bytes): paths.append(InputPath(bytes: bytes))
            case .option("--help"), .option("-h"): wantsHelp = true
            case .option("--json"): isJSON = try words.flag()
            case .option("--all"):
                selection = .all
                _ = try words.flag()
            case .option("--top"):
                isTopGiven = true
                let limit = try words.number(in: Self.topLimits)
                if selection != .all { selection = .top(limit) }
            case .option("--workers"): workers = try words.number(in: Self.workerLimits)
            case .option("--reducers"): reducers = try words.number(in: Self.workerLimits)
            case .option("--chaos"): chaos = try ChaosSpecification(parsing: words.value())
            case .option("--mode"): mode = try Self.mode(words.value())
            case .option(let name): throw .unknownOption(name)
            }
        }
        if isTopGiven && selection == .all { throw .bothTopAndAll }
    }

    private static func mode(_ name: String) throws(ArgumentError) -> WordMode {
        guard let mode = WordMode(rawValue: name) else { throw .badMode(name) }
        return mode
    }

    /// The command line of this process, without the program's name.
    static var ofProcess: [[UInt8]] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            guard let argument = unsafe CommandLine.unsafeArgv[index] else { return nil }
            return unsafe Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
        }
    }

    /// How many processors this process may use.
    static var processors: Int {
        max(1, min(workerLimits.upperBound, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }
}
