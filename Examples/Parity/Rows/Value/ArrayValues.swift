import Roost

/// What does not fit is refused, and an array becomes longer.
struct ArrayValues: ParityRow {
    let name = "array-values"
    let system = "Array"
    let what = "2**40 into an array of int; and one more"
    let counted = "wishes"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let array = try await system.makeAgent([Int32](repeating: 0, count: 10))
        var results = Results(0, of: 2)
        do {
            try await array.set(exactly: 1 << 40, at: 0)
        } catch let error as AgentError where error.code == .overflow {
            results.notes.append("\(error)")
            results.count += 1
        }
        try await array.append(1)
        if try await array.count == 11 { results.count += 1 }
        return results
    }
}
