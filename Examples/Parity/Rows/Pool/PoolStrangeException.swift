import Roost

/// A task throws an error that cannot be decoded: it is told as what can be said of it.
struct PoolStrangeException: ParityRow {
    let name = "pool-strange-exception"
    let system = "Pool"
    let what = "an exception that cannot be decoded"
    let counted = "outcomes"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let count = 20
        let pool = try await system.makePool(of: Squarer.self, size: 2)
        var results = Results(0, of: count)
        var tasks: [PoolTask<Int>] = []
        for number in 0..<count {
            tasks.append(try await pool.submit(Squarer.Task(number: number, isRefused: number == 7)))
        }
        for task in tasks {
            do {
                _ = try await task.value
            } catch {
                results.notes.append("one throws: \(error)")
            }
            results.count += 1
        }
        return results
    }
}
