import Roost

/// Four actors count 500 visits each, as named updates of what they share.
struct ManagerIncrement: ParityRow {
    let name = "manager-increment"
    let system = "Manager"
    let what = "4 × 500 times `namespace.x += 1`"
    let counted = "additions"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let each = 500
        let shop = try await system.makeAgent(Shop())
        let clients = (0..<4).map { _ in
            Task { try await system.spawn(Client.self).visit(shop, times: each) }
        }
        for client in clients { try await client.value }
        return Results(try await shop.value.visits, of: 4 * each)
    }
}
