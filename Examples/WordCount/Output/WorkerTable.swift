/// What one worker did.
struct WorkerSummary: Equatable, Sendable {
    var name: String
    var pid: Int32
    var chunks = 0
    var bytes = 0
    /// From the request for the process to its being ready.
    var startUp: Duration = .zero
    /// How long it was at work, and how long it had nothing to do.
    var working: Duration = .zero
    var waiting: Duration = .zero
    var restarts = 0
}

/// The table of workers that a person sees after a run.
enum WorkerTable {
    private static let heading = [
        "worker", "pid", "chunks", "bytes", "start-up", "waiting", "working", "restarts",
    ]

    /// The table, a line for each worker, with aligned columns and no control characters.
    static func lines(_ workers: [WorkerSummary]) -> [String] {
        guard !workers.isEmpty else { return [] }
        let rows = [heading] + workers.map(cells)
        let widths = heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let padded = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                // The name is read from the left, numbers from the right.
                return column == 0 ? cell + padding : padding + cell
            }
            return padded.joined(separator: "  ")
        }
    }

    private static func cells(_ worker: WorkerSummary) -> [String] {
        let life = Measure.seconds(worker.startUp + worker.working + worker.waiting)
        return [
            worker.name, "\(worker.pid)", "\(worker.chunks)", Measure.bytes(worker.bytes),
            Measure.share(Measure.seconds(worker.startUp), of: life),
            Measure.share(Measure.seconds(worker.waiting), of: life),
            Measure.share(Measure.seconds(worker.working), of: life),
            "\(worker.restarts)",
        ]
    }
}
