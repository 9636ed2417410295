/// One value of one round; in a ``Summary``, the median over all rounds.
struct Measurement: Sendable {
    /// Whose work was measured.
    enum Peer: String, Sendable {
        case roost
        case limit
        case python
    }

    var peer = Peer.roost
    var benchmark: String
    var metric: String
    var value: Double
    var unit: String
    var mark: Mark?
    /// How it was done, where there is a choice; of the first round.
    var remark = ""

    /// The case, by way of which rows are matched between rounds.
    fileprivate var identity: [String] { [peer.rawValue, benchmark, metric] }
}

/// What a value is expected to be.
enum Mark: Sendable, Hashable {
    case atMost(Double)
    case atLeast(Double)

    func accepts(_ value: Double) -> Bool {
        switch self {
        case .atMost(let limit): value <= limit
        case .atLeast(let limit): value >= limit
        }
    }

    /// The bound, to be printed beside the verdict.
    var description: String {
        switch self {
        case .atMost(let limit): "≤ \(Number.text(limit))"
        case .atLeast(let limit): "≥ \(Number.text(limit))"
        }
    }
}

/// The rows of a case: the median of every measurement over the rounds.
struct Summary: Sendable {
    let rows: [Measurement]

    /// Every round has the same measurements in the same order.
    init(rounds: [[Measurement]]) {
        guard let first = rounds.first else {
            rows = []
            return
        }
        rows = first.map { sample in
            var row = sample
            let values = rounds.flatMap { $0.filter { $0.identity == sample.identity } }.map(\.value)
            row.value = values.median
            return row
        }
    }
}

extension [Double] {
    /// The middle value, or the mean of the two in the middle; 0 of nothing.
    var median: Double {
        guard !isEmpty else { return 0 }
        let ascending = sorted()
        let middle = count / 2
        return count.isMultiple(of: 2) ? (ascending[middle - 1] + ascending[middle]) / 2 : ascending[middle]
    }
}
