import Roost

/// Workers cannot be started: who makes the pool is told.
struct PoolFailingInitializer: ParityRow {
    let name = "pool-failing-initializer"
    let system = "Pool"
    let what = "its initializer fails"
    let counted = "told"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        do {
            _ = try await system.makePool(of: Unprepared.self, size: 2)
            return Results(0, of: 1)
        } catch let error as SpawnError {
            return Results(1, of: 1, "makePool() throws: \(error)")
        }
    }
}
