import Testing

@testable import WordCount

@Suite struct ArgumentsTests {
    @Test func `without arguments the defaults hold`() throws {
        let arguments = try parse()
        #expect(arguments.workers == Arguments.processors)
        #expect(arguments.reducers == 2)
        #expect(arguments.selection == .top(20))
        #expect(arguments.mode == .unicode)
        #expect(arguments.paths.isEmpty)
        #expect(arguments.chaos == nil)
        #expect(!arguments.isJSON)
    }

    @Test func `options and paths may be mixed, and values attached`() throws {
        let arguments = try parse(
            "a", "--workers", "4", "--reducers=3", "b", "--mode", "ascii", "--top=7", "--json", "--chaos",
            "kill=2,seed=9", "-", "--", "--all")
        #expect(arguments.workers == 4)
        #expect(arguments.reducers == 3)
        #expect(arguments.mode == .ascii)
        #expect(arguments.selection == .top(7))
        #expect(arguments.isJSON)
        #expect(arguments.chaos == ChaosSpecification(kills: 2, seed: 9))
        #expect(arguments.paths == ["a", "b", "-", "--all"].map { InputPath($0) })
    }

    @Test func `a path is taken by its bytes`() throws {
        #expect(try Arguments(parsing: [[0xff, 0x2f]]).paths == [InputPath(bytes: [0xff, 0x2f])])
    }

    @Test(
        arguments: [
            (["--wrokers", "2"], .unknownOption("--wrokers")),
            (["-x"], .unknownOption("-x")),
            (["--workers"], .missingValue(option: "--workers")),
            (["--workers", "0"], .badNumber(option: "--workers", value: "0", allowed: 1...256)),
            (["--workers", "9999999999999999999"], bad("--workers", "9999999999999999999")),
            (["--reducers=two"], .badNumber(option: "--reducers", value: "two", allowed: 1...256)),
            (["--reducers="], .badNumber(option: "--reducers", value: "", allowed: 1...256)),
            (["--top", "-1"], .badNumber(option: "--top", value: "-1", allowed: 1...1_000_000_000)),
            (["--json=yes"], .unexpectedValue(option: "--json")),
            (["--mode", "utf8"], .badMode("utf8")),
            (["--all", "--top", "3"], .bothTopAndAll),
            (["--top", "3", "--all"], .bothTopAndAll),
            (["--chaos", "kill"], .badChaos("kill", "'kill' is not of the form name=number")),
        ] as [([String], ArgumentError)])
    func `what cannot work is refused`(arguments: [String], error: ArgumentError) {
        #expect(throws: error) { try Arguments(parsing: arguments.map { Array($0.utf8) }) }
        #expect(!error.description.isEmpty)
    }

    @Test(arguments: ["--help", "-h"])
    func `help is understood`(option: String) throws {
        #expect(try parse("x", option).wantsHelp)
    }

    @Test func `the help names every option`() {
        for option in ["workers", "reducers", "top", "all", "mode", "chaos", "json", "help"] {
            #expect(Usage.text.contains("--\(option)"))
        }
    }

    @Test func `the corpus is found`() throws {
        #expect(CorpusLocation.find() != nil)
    }

    private func parse(_ arguments: String...) throws -> Arguments {
        try Arguments(parsing: arguments.map { Array($0.utf8) })
    }

    private static func bad(_ option: String, _ value: String) -> ArgumentError {
        .badNumber(option: option, value: value, allowed: 1...256)
    }
}
