import Roost

/// A process that does not belong to the system looks for a way in: there is no address and no name.
struct RemoteManagerCode: ParityRow {
    let name = "remote-manager-code"
    let system = "Remote manager"
    let what = "a client sends code"
    let counted = "sockets closed to others"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        for _ in 0..<2 { _ = try await system.makeAgent(0) }
        let workers = try await system.processes().compactMap(\.processID)
        var sockets = 0
        var closed = 0
        for path in ([Machine.processID] + workers).flatMap(Machine.sockets(of:)) {
            sockets += 1
            if !Machine.hasName(path) && !Machine.canOpen(path) { closed += 1 }
        }
        return Results(closed, of: max(sockets, workers.count))
    }
}
