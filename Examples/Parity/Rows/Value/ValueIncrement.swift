import Distributed
import Roost

/// Four actors add 1 to a number 20,000 times each, each time where the number is.
struct ValueIncrement: ParityRow {
    let name = "value-increment"
    let system = "Value"
    let what = "4 × 20,000 times `value += 1`"
    let counted = "additions"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let each = 20_000
        let number = try await system.makeAgent(0)
        let clients = (0..<4).map { _ in
            Task { try await system.spawn(Client.self).increment(number, times: each) }
        }
        for client in clients { try await client.value }
        return Results(try await number.value, of: 4 * each)
    }
}

/// Changes what agents hold.
distributed actor Client: ProcessActor {
    distributed func increment(_ number: Agent<Int>, times: Int) async throws {
        for _ in 0..<times { try await number.increment() }
    }

    distributed func incrementSlowly(_ number: Agent<Int>) async throws {
        try await number.update(SlowAddition())
    }

    distributed func visit(_ shop: Agent<Shop>, times: Int) async throws {
        for _ in 0..<times { try await shop.update(Shop.CountVisit()) }
    }
}
