import Distributed
import Roost

/// Who keeps the value is killed: its successor answers, under the same reference.
struct ManagerServerKilled: ParityRow {
    let name = "manager-server-killed"
    let system = "Manager"
    let what = "its server is killed"
    let counted = "reads"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let reads = 10
        let keeper = try await system.spawn(Keeper.self, named: "keeper", .init(answer: 42))
        try await system.kill(keeper)
        var read = 0
        for _ in 0..<reads where try await keeper.answer() == 42 { read += 1 }
        return Results(read, of: reads, "the next incarnation began with the same arguments")
    }
}

/// Keeps a value that it was started with.
distributed actor Keeper: ProcessActor {
    struct Arguments: Codable, Sendable { var answer: Int }

    private let value: Int

    init(_ arguments: Arguments, actorSystem: ActorSystem) {
        value = arguments.answer
        self.actorSystem = actorSystem
    }

    distributed func answer() -> Int { value }
}
