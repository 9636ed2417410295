import Roost

/// Who holds one of two permits is killed: two others can hold one each.
struct SemaphoreHolderKilled: ParityRow {
    let name = "semaphore-holder-killed"
    let system = "Lock, Semaphore, Event, Barrier"
    let what = "the holder of a permit is killed"
    let counted = "permits"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let count = 2
        let permits = try await system.makePermits(count)
        let holder = try await system.spawn(Coworker.self, named: "holder")
        try await holder.hold(aPermitOf: permits)
        try await system.kill(holder)
        var held = 0
        for _ in 0..<count {
            try await system.spawn(Coworker.self).hold(aPermitOf: permits)
            held += 1
        }
        return Results(held, of: count)
    }
}
