/// One case: something that is done and timed once a round.
protocol Benchmark: Sendable {
    /// How the case is called on the command line and in the table.
    var name: String { get }
    /// What it measures, in a line of the help.
    var summary: String { get }

    /// Measures once, with processes of its own, and checks that what was measured really happened.
    func round(_ scale: Scale) async throws -> [Measurement]
}

/// How much is done in a round.
enum Scale: Sendable {
    case full
    case quick

    /// `count`, or a tenth of it.
    func of(_ count: Int) -> Int {
        switch self {
        case .full: count
        case .quick: max(count / 10, 1)
        }
    }
}

/// What a benchmark was to do did not happen: its time would mean nothing.
struct CheckFailed: Error, CustomStringConvertible {
    let description: String

    /// Throws unless `condition` holds.
    static func unless(_ condition: Bool, _ description: @autoclosure () -> String) throws {
        if !condition { throw CheckFailed(description: description()) }
    }
}
