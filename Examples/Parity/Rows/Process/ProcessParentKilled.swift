import Roost

/// The node is killed: its actors' processes are gone within a second.
struct ProcessParentKilled: ParityRow {
    let name = "process-parent-killed"
    let system = "Process"
    let what = "the parent is killed"
    let counted = "children gone"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let processes = try await Victim.runAndKill()
        let start = ContinuousClock.now
        while processes.contains(where: Machine.isAlive), ContinuousClock.now - start < .seconds(1) {
            try await Task.sleep(for: .milliseconds(10))
        }
        return Results(processes.count { !Machine.isAlive($0) }, of: Victim.actors)
    }
}
