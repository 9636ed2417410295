import Roost

/// One thing that can happen to processes that work together.
///
/// The Python program of the row `queue-no-reader` is `Python/queue_no_reader.py`.
protocol ParityRow: Sendable {
    /// How the row is called on the command line.
    var name: String { get }
    /// What the row is about, in Python's words.
    var system: String { get }
    /// What happens.
    var what: String { get }
    /// What the results are.
    var counted: String { get }

    /// Has it happen with Roost, and counts what comes of it.
    func run(_ system: ProcessActorSystem) async throws -> Results
}

/// How far a program came.
struct Results: Sendable, Equatable {
    var count: Int
    var of: Int
    /// What else was seen, a line each.
    var notes: [String] = []

    init(_ count: Int, of: Int, _ notes: String...) {
        self.count = count
        self.of = of
        self.notes = notes
    }

    var isComplete: Bool { count == of }
}
