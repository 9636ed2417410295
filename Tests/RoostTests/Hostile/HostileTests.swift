import RoostTesting
import Testing

@testable import Roost

extension BusyTests {
    /// Random and damaged frames from a live worker, against the node and against another worker.
    ///
    /// Ten seconds of it here; `Documentation/ThreatModel.md` has the command for longer.
    @Suite struct HostileTests {
        @Test(arguments: HostilePlan.fromEnvironment.seeds)
        func `Remote manager: hostile frames harm nobody but their sender`(seed: UInt64) async throws {
            let plan = HostilePlan.fromEnvironment
            let limit = plan.duration / plan.seeds.count
            try await withTestSystem(seed: seed) { test in
                var run = try await HostileRun(test, seed: seed)
                let start = ContinuousClock.now
                while start.duration(to: .now) < limit / 5 { try await run.round() }
                let before = Footprint()
                let memory = try await (run.victim.memory(), run.victim.descriptors())
                // On a busy machine it may take longer until something was found out.
                while start.duration(to: .now) < limit || (run.convictions == 0 && run.rounds < 500) {
                    try await run.round()
                }
                let after = Footprint()
                let later = try await (run.victim.memory(), run.victim.descriptors())
                print(
                    "seed \(seed): \(run.rounds) rounds, \(run.convictions) killed; node \(before), then \(after);",
                    "victim \(memory.0) KiB and \(memory.1) descriptors, then \(later.0) and \(later.1)")
                #expect(run.innocentEnds().isEmpty, "seed \(seed)")
                #expect(run.convictions > 0, "seed \(seed)")
                #expect(later.0 < memory.0 + 32_000, "the victim's memory, seed \(seed)")
                #expect(later.1 <= memory.1 + 4, "the victim's descriptors, seed \(seed)")
                // Other suites run beside this one otherwise, in the same process.
                guard plan.isAlone else { return }
                #expect(after.descriptors <= before.descriptors + 8, "seed \(seed)")
                #expect(after.memory <= before.memory + 100_000, "seed \(seed)")
            }
        }
    }
}
