import Roost

/// The holder of a lease is killed: the next one has it.
struct LockHolderKilled: ParityRow {
    let name = "lock-holder-killed"
    let system = "Lock, Semaphore, Event, Barrier"
    let what = "the holder of a lock is killed"
    let counted = "others"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let others = 4
        let lease = try await system.makeLease()
        let holder = try await system.spawn(Coworker.self, named: "holder")
        try await holder.hold(lease)
        try await system.kill(holder)
        var served = 0
        for _ in 0..<others {
            try await system.spawn(Coworker.self).use(lease)
            served += 1
        }
        return Results(served, of: others)
    }
}
