import Roost

/// A program with blobs is killed: they had no name, and nothing is left.
struct SharedMemoryLeaked: ParityRow {
    let name = "shared-memory-leaked"
    let system = "shared_memory"
    let what = "a program with five blocks is killed"
    let counted = "blocks gone"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let before = Machine.names(in: "/dev/shm")
        _ = try await Victim.runAndKill()
        let left = Machine.names(in: "/dev/shm").subtracting(before)
        return Results(max(0, Victim.blobs - left.count), of: Victim.blobs)
    }
}
