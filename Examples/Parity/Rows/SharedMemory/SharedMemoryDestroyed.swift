import Roost

/// A blob is there for as long as somebody has it, whoever has ended.
struct SharedMemoryDestroyed: ParityRow {
    let name = "shared-memory-destroyed"
    let system = "shared_memory"
    let what = "others read it and exit, one after another"
    let counted = "readers"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let blob = try Blob(copying: Array("hello".utf8))
        var read = 0
        for _ in 0..<3 {
            let reader = try await system.spawn(Reader.self, options: SpawnOptions(restart: .temporary))
            let end = try await system.watch(reader)
            if try await reader.readAndEnd(blob) == Array("hello".utf8) { read += 1 }
            _ = try await end.value
        }
        return Results(read, of: 3)
    }
}
