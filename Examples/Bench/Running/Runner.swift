import Glibc

/// Measures the chosen cases round by round, and prints what came out.
struct Runner: Sendable {
    let options: Command.Options

    /// Whether every case could be measured.
    @concurrent func run() async -> Bool {
        var table = Table()
        var succeeded = true
        for benchmark in options.benchmarks {
            do {
                let summary = Summary(rounds: try await rounds(of: benchmark))
                if options.json {
                    for row in summary.rows { print(JSONLine.of(row)) }
                    Output.flush()
                } else {
                    table.append(summary.rows)
                }
            } catch {
                Progress.note("\(benchmark.name) failed: \(error)")
                succeeded = false
            }
        }
        if !options.json { print(table.text) }
        return succeeded
    }

    private func rounds(of benchmark: any Benchmark) async throws -> [[Measurement]] {
        var rounds: [[Measurement]] = []
        for round in 1...options.rounds {
            Progress.note("\(benchmark.name): round \(round) of \(options.rounds)")
            rounds.append(try await benchmark.round(options.scale))
        }
        return rounds
    }
}
