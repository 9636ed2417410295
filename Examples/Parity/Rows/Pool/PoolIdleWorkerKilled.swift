import Glibc
import Roost

/// A worker that has nothing to do is killed: it is replaced.
struct PoolIdleWorkerKilled: ParityRow {
    let name = "pool-idle-worker-killed"
    let system = "Pool"
    let what = "an idle worker is killed"
    let counted = "tasks"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let tasks = 20
        let pool = try await system.makePool(of: Squarer.self, size: 2)
        if let worker = try await system.processes().first?.processID { kill(worker, SIGKILL) }
        var done = 0
        for try await _ in pool.mapUnordered((0..<tasks).map { Squarer.Task(number: $0) }) { done += 1 }
        return Results(done, of: tasks)
    }
}
