import Distributed
import RoostTesting
import Testing

/// Ends, and leaves a message behind that its process waits a while to get rid of.
distributed actor Lingerer: ProcessActor {
    distributed func tellAndStop(_ echo: Echo) async throws {
        try await echo.tell { try await $0.note(1) }
        context.stop()
    }
    distributed func nothing() {}
}

@Suite struct EndingTests {
    @Test func `a process that outlives its actor gives back what comes, and the next incarnation serves`()
        async throws
    {
        try await withTestSystem { test in
            let away = Backoff(initial: .seconds(1_000), maximum: .seconds(1_000), jitter: 0)
            let echo = try await test.spawn(Echo.self, options: SpawnOptions(backoff: away))
            // The first restart is at once, the second will not come.
            try await test.kill(echo)
            try await echo.nothing()
            try await test.kill(echo)
            let lingerer = try await test.spawn(Lingerer.self)
            try await lingerer.tellAndStop(echo)
            var codes: Set<RemoteCallError.Code> = []
            while true {
                do {
                    try await lingerer.nothing()
                    break
                } catch let error as RemoteCallError {
                    codes.insert(error.code)
                }
            }
            // It was between two incarnations, and not gone for good.
            #expect(codes.isSubset(of: [.notDelivered, .interrupted]))
        }
    }
}
