import Roost

/// Elements are appended to a list within a dictionary, where it is.
struct ManagerNested: ParityRow {
    let name = "manager-nested"
    let system = "Manager"
    let what = "a list within its dictionary is appended to"
    let counted = "changes"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let changes = 10
        let shop = try await system.makeAgent(Shop())
        for item in 0..<changes { try await shop.update(Shop.Put(item: item, basket: "anna")) }
        return Results(try await shop.value.baskets["anna"]?.count ?? 0, of: changes)
    }
}
