import Glibc
import Roost

/// A client is killed while its update is applied: nobody waits for it.
struct ValueHolderKilled: ParityRow {
    let name = "value-holder-killed"
    let system = "Value"
    let what = "a process is killed while it changes it"
    let counted = "reads"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let reads = 10
        let number = try await system.makeAgent(1)
        let client = try await system.spawn(Client.self, options: SpawnOptions(restart: .temporary))
        let changing = Task { try await client.incrementSlowly(number) }
        // Until the update is under way.
        try await Task.sleep(for: .milliseconds(50))
        try await system.kill(client)
        _ = await changing.result
        var read = 0
        for _ in 0..<reads where try await number.value > 0 { read += 1 }
        return Results(read, of: reads)
    }
}

/// Adds 1, in a fifth of a second.
struct SlowAddition: AgentUpdate {
    func apply(to number: inout Int) {
        usleep(200_000)
        number += 1
    }
}
