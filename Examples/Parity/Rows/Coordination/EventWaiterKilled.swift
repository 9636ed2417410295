import Roost

/// One of two who wait at a latch is killed: it opens, and the other one goes on.
struct EventWaiterKilled: ParityRow {
    let name = "event-waiter-killed"
    let system = "Lock, Semaphore, Event, Barrier"
    let what = "a waiter is killed, then set()"
    let counted = "set, and told"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let latch = try await system.makeLatch()
        let first = try await system.spawn(Coworker.self, options: SpawnOptions(restart: .temporary))
        let second = try await system.spawn(Coworker.self)
        let waiting = [first, second].map { waiter in Task { try await waiter.wait(for: latch) } }
        // Until both wait, as Python's do.
        try await Task.sleep(for: .milliseconds(200))
        try await system.kill(first)
        try await latch.open()
        _ = await waiting[0].result
        try await waiting[1].value
        return Results(2, of: 2)
    }
}
