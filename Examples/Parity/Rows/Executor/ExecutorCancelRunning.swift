import Roost

/// A task is cancelled while it computes: its process is replaced, and the next task has its place.
struct ExecutorCancelRunning: ParityRow {
    let name = "executor-cancel-running"
    let system = "ProcessPoolExecutor"
    let what = "a computing task is cancelled"
    let counted = "place free"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let pool = try await system.makePool(of: Squarer.self, size: 1)
        let long = try await pool.submit(Squarer.Task(number: 1, duration: .seconds(1)))
        // Until it computes, and does not only stand in the worker's mailbox.
        try await Task.sleep(for: .milliseconds(200))
        let start = ContinuousClock.now
        long.cancel()
        _ = try await pool.perform(Squarer.Task(number: 2))
        let taken = ContinuousClock.now - start
        return Results(
            taken < .milliseconds(500) ? 1 : 0, of: 1,
            "the next task is done after \(Text.seconds(taken / .seconds(1))) s")
    }
}
