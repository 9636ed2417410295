import TestPrograms

extension TestProgram {
    /// A node that is a program of its own, so that a test can end it: `NodeUnderTest`, started with arguments.
    static func node(
        _ arguments: [String], environment: [String: String] = [:], directory: String? = nil
    ) throws -> TestProgram {
        try TestProgram(
            path(of: "NodeUnderTest"), arguments, environment: environment, directory: directory,
            input: .pipe, output: .pipe)
    }

    static func node(_ arguments: String...) throws -> TestProgram { try node(arguments) }

    /// The numbers in the next line of its output.
    func nextNumbers() -> [Int32] {
        (nextLine() ?? "").split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
    }
}
