import Roost

/// What several processes share.
struct Shop: Codable, Sendable {
    var visits = 0
    var baskets: [String: [Int]] = [:]

    /// Counts one visit more.
    struct CountVisit: AgentUpdate {
        func apply(to shop: inout Shop) { shop.visits += 1 }
    }

    /// Puts something into somebody's basket.
    struct Put: AgentUpdate {
        var item: Int
        var basket: String

        func apply(to shop: inout Shop) { shop.baskets[basket, default: []].append(item) }
    }
}
