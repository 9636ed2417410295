import Distributed
import Glibc
import RoostTesting
import Testing

// Alone, so that what it counts is its own.
@Suite(.serialized) struct EnduranceTests {
    @Test func `ten thousand crashes and restarts leave the node as it was`() async throws {
        try await withTestSystem { test in
            let options = SpawnOptions(
                intensity: .init(restarts: 1_000_000, within: .seconds(1)), backoff: .none)
            let counter = try await test.spawn(Counter.self, named: "c", .init(start: 0), options: options)
            func crash(_ times: Int) async throws {
                for _ in 0..<times {
                    let pid = try await counter.processID()
                    kill(pid, SIGKILL)
                    while true {
                        // The call may still reach the one that is dying.
                        let next = try? await counter.processID()
                        if let next, next != pid { break }
                    }
                }
            }
            try await crash(500)
            let before = Footprint()
            try await crash(10_000)
            let after = Footprint()
            // Other suites run beside this one: what 10,000 leaks would show is far above these margins.
            #expect(after.descriptors <= before.descriptors + 1_000, "before \(before), after \(after)")
            #expect(after.threads <= before.threads + 64, "before \(before), after \(after)")
            #expect(after.children <= before.children + 300, "before \(before), after \(after)")
            #expect(after.memory <= before.memory + 100_000, "before \(before), after \(after)")
            print("10,000 restarts: before \(before); after \(after)")
        }
    }
}
