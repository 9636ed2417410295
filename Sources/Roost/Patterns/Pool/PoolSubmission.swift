internal import Synchronization

/// Tasks on their way through a pool: a single one, or a chunk of a sequence.
final class PoolSubmission<Worker: PoolWorker>: Sendable {
    /// Outcomes of tasks that follow each other.
    enum Outcomes: Sendable {
        case values([Worker.Output])
        case results([Result<Worker.Output, any Error>])

        var count: Int {
            switch self {
            case .values(let values): values.count
            case .results(let results): results.count
            }
        }
    }

    /// Tells it from all others of this process.
    let number: Int
    let inputs: [Worker.Input]
    /// How many processes each task may end; nil for what the pool says.
    let attempts: Int?
    /// Whether it may be served together with others, and be given back when that takes long.
    let isFlexible: Bool
    /// Told of the outcomes from some task on; each task is told of once.
    let deliver: @Sendable (_ first: Int, Outcomes) -> Void
    /// Whether a worker was given a task of it.
    let hasBegun = Atomic(false)

    init(
        _ inputs: [Worker.Input], attempts: Int?, isFlexible: Bool,
        deliver: @escaping @Sendable (_ first: Int, Outcomes) -> Void
    ) {
        number = submissionNumbers.wrappingAdd(1, ordering: .relaxed).newValue
        self.inputs = inputs
        self.attempts = attempts
        self.isFlexible = isFlexible
        self.deliver = deliver
    }

    func fail(_ range: Range<Int>, _ error: any Error) {
        deliver(range.lowerBound, .results(range.map { _ in .failure(error) }))
    }
}

private let submissionNumbers = Atomic(0)

extension PoolReport {
    /// The outcomes of the tasks at `range`.
    func outcomes<Worker>(of range: Range<Int>) -> PoolSubmission<Worker>.Outcomes
    where Worker.Output == Output {
        if !failures.isEmpty { return .results(results(range)) }
        return .values(range == 0..<count ? values : Array(values[range]))
    }
}

extension Range<Int> {
    /// What is left of it without some of its elements, which are ascending.
    func pieces(without gaps: [Int]) -> [Range<Int>] {
        if gaps.isEmpty { return isEmpty ? [] : [self] }
        var pieces: [Range<Int>] = []
        var start = lowerBound
        for gap in gaps where contains(gap) {
            if start < gap { pieces.append(start..<gap) }
            start = gap + 1
        }
        if start < upperBound { pieces.append(start..<upperBound) }
        return pieces
    }
}
