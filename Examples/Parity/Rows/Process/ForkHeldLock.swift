import Dispatch
import Distributed
import Glibc
import Roost
import Synchronization

/// Actors are spawned while a thread holds a lock: in their processes nobody holds it.
struct ForkHeldLock: ParityRow {
    let name = "fork-held-lock"
    let system = "fork"
    let what = "a thread holds a lock meanwhile"
    let counted = "children"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let (held, holding) = AsyncStream<Void>.makeStream()
        DispatchQueue.global().async {
            LockUser.lock.withLock { _ in
                holding.finish()
                usleep(300_000)
            }
        }
        for await _ in held {}
        var children = 0
        for _ in 0..<10 {
            let user = try await system.spawn(LockUser.self)
            try await user.use()
            children += 1
        }
        return Results(children, of: 10)
    }
}

/// Needs a lock, of which every process has its own.
distributed actor LockUser: ProcessActor {
    static let lock = Mutex(0)

    distributed func use() { Self.lock.withLock { $0 += 1 } }
}
