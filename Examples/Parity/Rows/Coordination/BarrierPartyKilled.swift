import Roost

/// One of three parties is killed while it waits for the others: they are told.
struct BarrierPartyKilled: ParityRow {
    let name = "barrier-party-killed"
    let system = "Lock, Semaphore, Event, Barrier"
    let what = "one of three at a barrier is killed"
    let counted = "others told"

    func run(_ system: ProcessActorSystem) async throws -> Results {
        let barrier = try await system.makeBarrier(parties: 3)
        var parties: [Coworker] = []
        for number in 1...3 {
            let options = SpawnOptions(restart: .temporary)
            parties.append(try await system.spawn(Coworker.self, named: "party-\(number)", options: options))
        }
        for party in parties { try await party.join(barrier) }
        let meeting = parties[..<2].map { party in Task { try await party.meet() } }
        // Until both wait, as Python's do.
        try await Task.sleep(for: .milliseconds(200))
        try await system.kill(parties[0])
        _ = await meeting[0].result
        let outcomes = [try await meeting[1].value, try await parties[2].meet()]
        var results = Results(outcomes.count { $0.hasPrefix("was told") }, of: 2)
        results.notes = outcomes.map { "one \($0)" }
        return results
    }
}
