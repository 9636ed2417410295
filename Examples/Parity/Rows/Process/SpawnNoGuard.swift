import Distributed
import Roost
import Synchronization

/// Actors are started in processes that begin anew: none of them runs the program.
struct SpawnNoGuard: ParityRow {
    let name = "spawn-no-guard"
    let system = "spawn"
    let what = "the program has no guard"
    let counted = "results"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        var results = 0
        for number in 0..<2 {
            let squarer = try await system.spawn(
                GuardlessSquarer.self, options: SpawnOptions(method: .exec))
            let answer = try await squarer.square(number)
            if answer.square == number * number && !answer.hasRunProgram { results += 1 }
        }
        return Results(results, of: 2)
    }
}

/// Squares numbers, and says whether its process has run the program.
distributed actor GuardlessSquarer: ProcessActor {
    /// What it answers.
    struct Answer: Codable, Sendable {
        var square: Int
        var hasRunProgram: Bool
    }

    distributed func square(_ number: Int) -> Answer {
        Answer(square: number * number, hasRunProgram: Parity.hasBegun.load(ordering: .relaxed))
    }
}
