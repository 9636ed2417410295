import Distributed
import Glibc
import Roost

/// A tree of sixty actors on three levels, all of it busy: calls within and from the node, some that compute,
/// some that are stopped, and some that are killed and restarted without end.
struct BusyTree {
    private let system: ProcessActorSystem

    init(_ system: ProcessActorSystem) { self.system = system }

    /// Returns the processes there are at first, the zygote's before all others.
    func start() async throws -> [Int32] {
        _ = try await system.start(tree)
        var actors: [Busy] = []
        var processes = [try await system.zygoteProcessID() ?? 0]
        for number in 0..<60 {
            let actor = try await system.find(Busy.self, named: "busy-\(number)")
            processes.append(try await actor.processID())
            actors.append(actor)
        }
        try await keepRestarting(actors[0..<5])
        keepCalling(actors[5..<30])
        for actor in actors[30..<40] {
            try await actor.tell { [others = Array(actors[5..<30])] in try await $0.call(others) }
        }
        for process in processes[41...50] { kill(process, SIGSTOP) }
        for actor in actors[50..<60] { try await actor.tell { try await $0.compute() } }
        return processes
    }

    private var tree: Supervisor {
        let intensity = RestartIntensity(restarts: 1_000_000)
        return Supervisor("root", intensity: intensity) {
            for branch in 0..<4 {
                Supervisor("branch-\(branch)", intensity: intensity, backoff: .none) {
                    for number in 0..<5 { Child(Busy.self, named: "busy-\(branch * 15 + number)") }
                    Supervisor("twig", intensity: intensity, backoff: .none) {
                        for number in 5..<15 { Child(Busy.self, named: "busy-\(branch * 15 + number)") }
                    }
                }
            }
        }
    }

    private func keepCalling(_ actors: some Sequence<Busy>) {
        for actor in actors {
            Task { while true { _ = try? await actor.processID() } }
        }
    }

    /// Returns when each has been restarted once.
    private func keepRestarting(_ actors: some Sequence<Busy>) async throws {
        for actor in actors {
            try await system.kill(actor)
            _ = try await actor.processID()
            Task { [system] in while true { try await system.kill(actor) } }
        }
    }
}
