import Distributed
import RoostTesting
import Testing

/// Keeps what fits into its mailbox.
distributed actor Gauge: ProcessActor {
    static var overflow: OverflowPolicy { .dropNewest }

    distributed func hold(_ signal: Signal) async throws { try await sleepUntilCancelled(signal) }
    distributed func read(_ value: Int) {}
}

/// Says when it has no room.
distributed actor Desk: ProcessActor {
    static var overflow: OverflowPolicy { .fail }

    distributed func hold(_ signal: Signal) async throws { try await sleepUntilCancelled(signal) }
    distributed func take(_ value: Int) {}
}

@Suite struct OverflowPolicyTests {
    private func withSmallMailboxes(_ body: (TestSystem, Signal) async throws -> Void) async throws {
        var options = SystemOptions()
        options.mailboxMessages = 16
        try await withTestSystem(options: options) { test in
            try await body(test, Signal(actorSystem: test.system))
        }
    }

    /// Waits until so many messages have come into the actor's mailbox.
    private func waitUntil(_ count: Int, arrived name: String, _ test: TestSystem) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while try await test.system.statistics().first(where: { $0.name == name })?.received != count {
            try #require(ContinuousClock.now < end, "there were never \(count)")
        }
    }

    @Test func `what has no room is dropped, and every message is counted once`() async throws {
        try await withSmallMailboxes { test, signal in
            let gauge = try await test.spawn(Gauge.self, named: "gauge")
            let holding = Task { try await gauge.hold(signal) }
            try await signal.waitFor("started")
            for value in 1...50 { try await gauge.tell { try await $0.read(value) } }
            let dropped = try await test.system.deadLetters()[.mailboxFull]
            #expect((34...49).contains(dropped))
            try await waitUntil(51 - dropped, arrived: "gauge", test)
            // A call has somebody to be told.
            let error = await caught { try await gauge.read(51) } as RemoteCallError?
            #expect(error?.code == .mailboxFull && error?.actor == "gauge")
            #expect(try await test.system.deadLetters().byReason == [.mailboxFull: dropped])
            let letters = test.events.all.compactMap { event -> DeadLetter? in
                if case .deadLetter(let letter) = event.kind { letter } else { nil }
            }
            #expect(letters.allSatisfy { $0.receiver == "gauge" && $0.target.hasSuffix("read(_:)") })
            holding.cancel()
            _ = await holding.result
        }
    }

    @Test func `a sender is told that there is no room, and may try again`() async throws {
        try await withSmallMailboxes { test, signal in
            let desk = try await test.spawn(Desk.self, named: "desk")
            let holding = Task { try await desk.hold(signal) }
            try await signal.waitFor("started")
            var accepted = 0
            for value in 1...50 {
                let error =
                    await caught { try await desk.tell { try await $0.take(value) } } as RemoteCallError?
                accepted += error == nil ? 1 : 0
                #expect(error == nil || error?.code == .mailboxFull && error?.actor == "desk")
            }
            #expect((1...16).contains(accepted))
            let refused = await caught { try await desk.take(0) } as RemoteCallError?
            #expect(refused?.code == .mailboxFull)
            holding.cancel()
            _ = await holding.result
            let end = ContinuousClock.now + .seconds(20)
            while await caught({ try await desk.take(0) }) as RemoteCallError? != nil {
                try #require(ContinuousClock.now < end, "there was never room again")
            }
            try await waitUntil(accepted + 2, arrived: "desk", test)
            #expect(try await test.system.deadLetters()[.mailboxFull] == 0)
        }
    }
}
