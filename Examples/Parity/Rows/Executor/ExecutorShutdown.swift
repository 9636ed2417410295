import Roost

/// A pool is stopped with what it has to do.
struct ExecutorShutdown: ParityRow {
    let name = "executor-shutdown"
    let system = "ProcessPoolExecutor"
    let what = "shutdown while tasks of 0.6 s compute"
    let counted = "at once"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let pool = try await system.makePool(of: Squarer.self, size: 2)
        var tasks: [PoolTask<Int>] = []
        for number in 0..<10 {
            tasks.append(try await pool.submit(Squarer.Task(number: number, duration: .milliseconds(600))))
        }
        // Until two of them compute, and do not only stand in a worker's mailbox.
        try await Task.sleep(for: .milliseconds(200))
        let start = ContinuousClock.now
        for task in tasks { task.cancel() }
        await pool.stop()
        let taken = ContinuousClock.now - start
        return Results(
            taken < .milliseconds(500) ? 1 : 0, of: 1, "stop() took \(Text.seconds(taken / .seconds(1))) s")
    }
}
