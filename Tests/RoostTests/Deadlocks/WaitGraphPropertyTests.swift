import RoostTesting
import Testing

@testable import Roost

/// Random worlds of actors, against a reference that sees everything at once.
@Suite struct WaitGraphPropertyTests {
    private typealias Event = WaitWorld.Event

    private static let events: [Event] = [
        .message, .message, .call, .call, .call, .leave, .leave, .arrive, .arrive, .arrive, .answer, .answer,
        .finish, .report, .report, .read, .read, .read, .fail, .due,
    ]

    private func live(_ seed: UInt64) -> WaitWorld {
        var random = SeededGenerator(seed: seed)
        var world = WaitWorld(actors: Int.random(in: 2...6, using: &random))
        for _ in 0..<Int.random(in: 20...250, using: &random) where world.faults.isEmpty {
            if let event = Self.events.randomElement(using: &random) { world.happen(event, using: &random) }
        }
        if world.faults.isEmpty { world.settle(using: &random) }
        return world
    }

    @Test(arguments: 0..<4)
    func `only calls that could never end are failed, and no deadlock is left`(shard: Int) {
        var failures = 0
        var greatest = 0
        for seed in UInt64(shard * 250)..<UInt64(shard * 250 + 250) {
            let world = live(seed)
            if !world.faults.isEmpty {
                Issue.record("seed \(seed): \(world.faults)")
                return
            }
            failures += world.failures
            greatest = max(greatest, world.greatestCircle)
        }
        #expect(failures > 100 && greatest >= 3)
    }
}
