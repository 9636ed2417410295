import Distributed
import Glibc
import RoostTesting
import Testing

// By itself, so that what it counts is its own.
@Suite(.underLoad) struct EnduranceTests {
    @Test func `Process: ten thousand crashes and restarts leave the node as it was`() async throws {
        var silent = SystemOptions()
        silent.crashReports = .silent
        // Not a test system, which keeps all that has happened.
        let system = try await ProcessActorSystem.start(silent)
        let options = SpawnOptions(
            intensity: .init(restarts: 1_000_000, within: .seconds(1)), backoff: .none)
        let counter = try await system.spawn(Counter.self, named: "c", .init(start: 0), options: options)
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
        try await crash(5_000)
        let before = Footprint()
        try await crash(10_000)
        let after = Footprint()
        await system.stop()
        print("10,000 restarts: before \(before); after \(after)")
        // The incarnation before the last one may be on its way out.
        #expect(abs(after.descriptors - before.descriptors) <= 8)
        #expect(abs(after.threads - before.threads) <= 4)
        #expect(abs(after.children - before.children) <= 2)
        // A leak of one object a restart would be more.
        #expect(after.memory <= before.memory + 500)
    }
}
