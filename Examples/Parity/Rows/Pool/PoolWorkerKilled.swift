import Roost

/// A worker is killed at a task: that task is tried again, and the pool goes on.
struct PoolWorkerKilled: ParityRow {
    let name = "pool-worker-killed"
    let system = "Pool"
    let what = "a worker is killed at a task"
    let counted = "tasks"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let tasks = 20
        let fuse = try await system.spawn(Fuse.self)
        let pool = try await system.makePool(of: Squarer.self, size: 2)
        let inputs = (0..<tasks).map { Squarer.Task(number: $0, fuse: $0 == 7 ? fuse : nil) }
        var done = 0
        for try await _ in pool.mapUnordered(inputs) { done += 1 }
        await pool.stop()
        return Results(done, of: tasks, "stop() returned")
    }
}
