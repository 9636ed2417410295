import Roost
import Synchronization

/// A long input is pulled as its results are taken.
struct PoolImapInput: ParityRow {
    let name = "pool-imap-input"
    let system = "Pool"
    let what = "ten results of a long input are taken"
    let counted = "bounded"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let input = 100_000
        let pulled = Pulled()
        let pool = try await system.makePool(of: Squarer.self, size: 2)
        let numbers = (0..<input).lazy.map { number in
            pulled.add()
            return Squarer.Task(number: number)
        }
        var squares = pool.map(numbers, window: 500).makeAsyncIterator()
        for _ in 0..<10 { _ = try await squares.next() }
        try await Task.sleep(for: .milliseconds(200))
        let count = pulled.count
        return Results(count <= 1_000 ? 1 : 0, of: 1, "\(count) of \(input) were pulled for 10 results")
    }
}

/// Counts what is pulled.
private final class Pulled: Sendable {
    private let number = Atomic(0)

    var count: Int { number.load(ordering: .relaxed) }

    func add() { number.add(1, ordering: .relaxed) }
}
