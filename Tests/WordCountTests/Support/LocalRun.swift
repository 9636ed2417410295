@testable import WordCount

/// A run in this one process: the same parts as in the cluster, with function calls where that has messages.
///
/// It is the twin against which the cluster is compared, and how its pure parts are tested.
struct LocalRun {
    private(set) var report: RunReport
    private var rankings: [Ranking] = []

    init(_ arguments: Arguments, _ survey: FileSurvey, chunkSize: Int? = nil) {
        report = RunReport(mode: arguments.mode, files: survey.files.count)
        report.problems = survey.problems
        let clock = ContinuousClock()
        let start = clock.now
        let size =
            chunkSize
            ?? ChunkPlan.suitableSize(forBytes: survey.byteCount, workers: arguments.workers)
        var counter = ChunkCounter(mode: arguments.mode, reducers: arguments.reducers)
        let reducers = (0..<arguments.reducers).map { _ in LocalReducer() }
        for chunk in ChunkPlan(survey.files, chunkSize: size) {
            let counts = counter.count(chunk)
            report.chunks += 1
            report.bytes += counts.bytes
            report.words += counts.words
            report.note(counts.problems)
            for (reducer, parts) in counts.parts.enumerated() {
                for (part, blob) in parts.enumerated() {
                    reducers[reducer].receive(
                        Delivery(chunk: chunk.id, attempt: 1, part: part, parts: parts.count, counts: blob))
                }
            }
        }
        rankings = reducers.map { $0.ranking(arguments.selection) }
        report.elapsed = clock.now - start
    }

    /// Writes the counts.
    func write(_ arguments: Arguments, to descriptor: Int32) throws(SystemError) {
        var output = ResultOutput(descriptor: descriptor, isJSON: arguments.isJSON)
        var merge = RankingMerge(reducers: rankings.count, arguments.selection)
        do {
            merging: while true {
                switch try merge.step() {
                case .word(let word, let count): try output.add(word, count: count)
                case .needsPage(let reducer, let start):
                    try merge.add(rankings[reducer].page(from: start), of: reducer)
                case .end: break merging
                }
            }
            try output.finish(report)
        } catch let error as SystemError {
            throw error
        } catch {
            preconditionFailure("pages made in this process are well-formed: \(error)")
        }
    }
}

/// A reducer without a process.
final class LocalReducer {
    private var inbox = ReducerInbox()
    private var words = Combiner()

    func receive(_ delivery: Delivery) {
        guard case .takeOver(let parts) = inbox.receive(delivery) else { return }
        for part in parts {
            do throws(BlobError) {
                try words.merge(part)
            } catch {
                preconditionFailure("counts made in this process are well-formed: \(error)")
            }
        }
    }

    func ranking(_ selection: Selection) -> Ranking {
        Ranking(words, selection)
    }
}
