import Foundation
import RoostTesting
import Testing

/// Each in a process of its own, so that what it counts is its own.
///
/// The seed is `ROOST_CHAOS_SEED` of the environment, or 1.
@Suite(.underLoad) struct TreeChaosTests {
    private static var seed: UInt64 {
        ProcessInfo.processInfo.environment["ROOST_CHAOS_SEED"].flatMap { UInt64($0) } ?? 1
    }

    @Test func `a tree of sixty is whole again after five hundred strikes, and every call had one outcome`()
        async throws
    {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            try await Self.chaos(strikes: 500, intensity: nil)
        }
        print(String(decoding: result?.standardOutputContent ?? [], as: UTF8.self))
    }

    @Test func `a tree whose supervisors give up and are restarted is whole again too`() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            try await Self.chaos(strikes: 150, intensity: RestartIntensity(restarts: 2, within: .seconds(1)))
        }
        print(String(decoding: result?.standardOutputContent ?? [], as: UTF8.self))
    }

    private static func chaos(strikes: Int, intensity: RestartIntensity?) async throws {
        print("seed \(seed)")
        // Nothing is timed by this: it is how a call that hangs is noticed.
        let hung = Task {
            try await Task.sleep(for: .seconds(120))
            print("something hung")
            exit(1)
        }
        var options = SystemOptions()
        options.stoppedGrace = .milliseconds(50)
        try await withTestSystem(seed: seed, options: options) { test in
            try await TreeChaos.run(test, strikes: strikes, intensity: intensity)
            let givenUp = test.events.count { if case .gaveUp = $0.kind { true } else { false } }
            print("\(givenUp) supervisors gave up")
            #expect((givenUp > 0) == (intensity != nil))
        }
        hung.cancel()
    }
}
