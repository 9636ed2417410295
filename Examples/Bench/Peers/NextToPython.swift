/// A case of Roost and the same work in Python, measured in the same round, with the ratios of the two.
///
/// Without `python3` it is the case alone.
struct NextToPython: Benchmark {
    /// One of Roost's figures, and Python's for the same work, of which the best counts.
    struct Ratio: Sendable {
        /// The metric of Roost's row.
        var metric: String
        /// The names of Python's figures; of all of them if empty.
        var python: [String] = []
        /// What these are called together.
        var name = "best of python"
        /// What the ratio is expected to be.
        var mark: Mark? = .atLeast(5)
    }

    private let roost: any Benchmark
    private let python: PythonBaseline
    private let ratios: [Ratio]

    /// A case next to a program of `Python/`.
    init(_ roost: any Benchmark, program: String, _ ratios: [Ratio]) {
        self.roost = roost
        self.python = PythonBaseline(program: program)
        self.ratios = ratios
    }

    var name: String { roost.name }
    var summary: String { roost.summary + "; next to Python" }

    func round(_ scale: Scale) async throws -> [Measurement] {
        let ours = try await roost.round(scale)
        let theirs = try await python.rows(of: name, scale)
        return ours + theirs + ratios.compactMap { row($0, ours, theirs) }
    }

    private func row(_ ratio: Ratio, _ ours: [Measurement], _ theirs: [Measurement]) -> Measurement? {
        let candidates = theirs.filter {
            ratio.python.isEmpty || ratio.python.map { "python \($0)" }.contains($0.metric)
        }
        guard let best = candidates.map(\.value).max(), best > 0,
            let value = ours.first(where: { $0.metric == ratio.metric })?.value
        else { return nil }
        return Measurement(
            benchmark: name, metric: "\(ratio.metric) / \(ratio.name)", value: value / best, unit: "×",
            mark: ratio.mark)
    }
}
