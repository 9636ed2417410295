import Roost

/// A worker is killed at one of forty tasks: it is tried again, the others do not notice.
struct ExecutorOneKill: ParityRow {
    let name = "executor-one-kill"
    let system = "ProcessPoolExecutor"
    let what = "a worker is killed at one of 40 tasks"
    let counted = "tasks"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let count = 40
        let fuse = try await system.spawn(Fuse.self)
        let pool = try await system.makePool(of: Squarer.self, size: 2)
        var tasks: [PoolTask<Int>] = []
        for number in 0..<count {
            let task = Squarer.Task(
                number: number, fuse: number == 3 ? fuse : nil, duration: .milliseconds(10))
            tasks.append(try await pool.submit(task))
        }
        var done = 0
        for task in tasks where (try? await task.value) != nil { done += 1 }
        let again = try await pool.perform(Squarer.Task(number: 7))
        return Results(done, of: count, "the pool can be used again: \(again)")
    }
}
