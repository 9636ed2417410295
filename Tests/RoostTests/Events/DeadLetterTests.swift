import Distributed
import Glibc
import Testing

@testable import Roost
@testable import RoostTesting

@Suite struct DeadLetterTests {
    /// The only dead letter of this reason, once there is one, with the count the system has of it.
    private func letter(_ reason: DeadLetter.Reason, _ test: TestSystem) async throws -> DeadLetter {
        func isWanted(_ event: SystemEvent) -> DeadLetter? {
            if case .deadLetter(let letter) = event.kind, letter.reason == reason { letter } else { nil }
        }
        try await test.events.wait(for: "\(reason)") {
            if case .deadLetter(let letter) = $0.kind { letter.reason == reason } else { false }
        }
        let letter = try #require(test.events.all.compactMap(isWanted).first)
        #expect(try await test.system.deadLetters()[reason] == letter.count)
        return letter
    }

    /// Waits until so many messages wait in the actor's mailbox.
    private func waitUntil(_ count: Int, waitIn name: String, _ test: TestSystem) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while try await test.system.statistics().first(where: { $0.name == name })?.waiting != count {
            try #require(ContinuousClock.now < end, "there were never \(count) waiting")
        }
    }

    @Test func `what threw, was not decoded or names no method`() async throws {
        struct OfThisFunction: Codable, Sendable, Equatable {}
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, named: "e")
            try await echo.tell { try await $0.throwsTyped() }
            try await echo.tell { try await $0.takes(undecodable: Undecodable()) }
            // No other process finds the type by its name.
            try await echo.tell { try await $0.generic(OfThisFunction(), OfThisFunction()) }
            let threw = try await letter(.threw, test)
            #expect(threw.receiver == "e" && threw.target.hasSuffix("throwsTyped()") && threw.count == 1)
            #expect(threw.detail.contains("as asked"))
            #expect(try await letter(.undecodable, test).target.hasSuffix("takes(undecodable:)"))
            #expect(try await letter(.unknownTarget, test).detail.contains("OfThisFunction"))
            #expect(try await test.system.deadLetters().total == 3)
        }
    }

    @Test func `what comes after the end, and what waits at the end`() async throws {
        try await withTestSystem { test in
            let options = SpawnOptions(shutdown: .within(.seconds(60)))
            let echo = try await test.spawn(Echo.self, named: "e", options: options)
            let signal = Signal(actorSystem: test.system)
            let serving = Task { try await echo.sleepForEver(signal) }
            try await signal.waitFor("started")
            try await echo.tell { try await $0.note(1) }
            try await waitUntil(1, waitIn: "e", test)
            async let stopping: Void = test.system.stop(echo)
            let stopped = try await letter(.stopped, test)
            serving.cancel()
            _ = await serving.result
            try await stopping
            #expect(stopped.target.hasSuffix("note(_:)") && stopped.detail.contains("stopping"))
            try await echo.tell { try await $0.note(2) }
            #expect(try await letter(.terminated, test).detail == "the actor was shut down")
        }
    }

    @Test func `what a dead incarnation had been sent is one letter with a count`() async throws {
        var options = SystemOptions()
        options.stoppedGrace = .seconds(600)
        try await withTestSystem(options: options) { test in
            let echo = try await test.spawn(Echo.self, named: "e")
            let pid = try await echo.processID()
            Processes.signal(pid, SIGSTOP)
            for number in 1...7 { try await echo.tell { try await $0.note(number) } }
            await withCheckedContinuation { continuation in
                test.system.host.whenFlushed { continuation.resume() }
            }
            let watch = try await test.system.watch(echo)
            Processes.signal(pid, SIGKILL)
            #expect(try await watch.value == .crashed(signal: SIGKILL))
            #expect(try await echo.notes() == [])
            let lost = try await letter(.lost, test)
            #expect(lost.count == 7 && lost.receiver == "e" && lost.target == "")
            #expect(lost.description.hasPrefix("up to 7 messages from the node to e: lost ("))
        }
    }

    @Test func `calls that were given up before they were served`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, named: "e")
            let signal = Signal(actorSystem: test.system)
            let blocker = Task { try await echo.sleepForEver(signal) }
            try await signal.waitFor("started")
            let error =
                await caught {
                    try await echo.call(within: .milliseconds(30)) { try await $0.note(1) }
                } as RemoteCallError?
            #expect(error?.code == .deadlineExceeded)
            #expect(try await letter(.expired, test).target.hasSuffix("note(_:)"))
            let waiting = Task { try await echo.note(2) }
            try await waitUntil(1, waitIn: "e", test)
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            #expect(try await letter(.cancelled, test).target.hasSuffix("note(_:)"))
            blocker.cancel()
            _ = await blocker.result
            #expect(try await echo.notes() == [])
        }
    }

    /// How a caller gives up, and where the actor is that answers nevertheless.
    enum Lateness: CaseIterable {
        case afterDeadline, afterCancellation, afterCancellationInTheSameProcess
    }

    @Test(arguments: Lateness.allCases)
    func `an answer that comes too late is counted and disturbs nothing`(_ lateness: Lateness) async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, named: "e")
            let signal = Signal(actorSystem: test.system)
            let sleeper = Sleeper(actorSystem: test.system)
            let reference = try Sleeper.resolve(id: sleeper.id, using: test.system)
            let sleeping = Task {
                switch lateness {
                case .afterDeadline:
                    // Time enough for it to begin.
                    try await echo.call(within: .seconds(2)) { try await $0.sleepForEver(signal) }
                case .afterCancellation: try await echo.sleepForEver(signal)
                case .afterCancellationInTheSameProcess: try await reference.sleepForEver(signal)
                }
            }
            if lateness == .afterDeadline {
                let error = await caught { try await sleeping.value } as RemoteCallError?
                #expect(error?.code == .deadlineExceeded)
            } else {
                try await signal.waitFor("started")
                sleeping.cancel()
                await #expect(throws: CancellationError.self) { try await sleeping.value }
            }
            let late = try await letter(.lateReply, test)
            #expect(late.target == "" && late.receiver == "the node")
            #expect(late.sender == (lateness == .afterCancellationInTheSameProcess ? "the node" : "e"))
            // The next answers find their own callers.
            for number: UInt8 in 1...100 { #expect(try await echo.echo([number]) == [number]) }
            #expect(try await test.system.deadLetters().byReason == [.lateReply: 1])
            withExtendedLifetime(sleeper) {}
        }
    }

    @Test func `bytes that no process of Roost sends`() async throws {
        try await withTestSystem { test in
            let bad = try await test.spawn(Echo.self, named: "bad")
            _ = await caught { try await bad.writeGarbage() } as RemoteCallError?
            try await test.events.wait(for: "a violation") {
                if case .deadLetter(let letter) = $0.kind {
                    letter.reason == .protocolViolation && letter.sender == "bad"
                } else {
                    false
                }
            }
            #expect(try await test.system.deadLetters()[.protocolViolation] >= 1)
        }
    }

    @Test func `what does not wait for a restart`() async throws {
        try await withTestSystem { test in
            let options = SpawnOptions(
                backoff: Backoff(initial: .seconds(60), maximum: .seconds(60), jitter: 0),
                whileRestarting: .failFast)
            let echo = try await test.spawn(Echo.self, named: "e", options: options)
            try await test.kill(echo)
            try await test.events.wait(for: "the first restart") { $0.kind == .restarted }
            try await echo.nothing()
            try await test.kill(echo)
            try await echo.tell { try await $0.note(1) }
            #expect(try await letter(.restarting, test).receiver == "e")
        }
    }

    @Test func `a flood of lost messages is counted to the last, and told in few letters`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, named: "e")
            let relay = try await test.spawn(Relay.self, named: "relay")
            try await test.system.stop(echo)
            try await relay.tellMany(echo, 0..<100_000)
            // What it has not told yet it tells at its end.
            try await test.system.stop(relay)
            #expect(try await test.system.deadLetters().byReason == [.terminated: 100_000])
            try await test.events.wait(for: "letters told together") {
                if case .deadLetter(let letter) = $0.kind { letter.count > 1 } else { false }
            }
            let letters = test.events.all.compactMap { event -> DeadLetter? in
                if case .deadLetter(let letter) = event.kind { letter } else { nil }
            }
            #expect(letters.count < 20_000)
            #expect(letters.allSatisfy { $0.sender == "relay" && $0.receiver == "e" })
            #expect(letters.allSatisfy { $0.target.hasSuffix("note(_:)") })
        }
    }

    @Test func `what a worker has lost is counted too, and a worker can ask`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, named: "e")
            let relay = try await test.spawn(Relay.self, named: "relay")
            let clerk = try await test.spawn(Clerk.self)
            try await test.system.stop(echo)
            try await relay.tellMany(echo, 0..<5)
            try await test.events.wait(for: "the lost ones", count: 5) {
                if case .deadLetter(let letter) = $0.kind { letter.reason == .terminated } else { false }
            }
            #expect(try await clerk.deadLetters().byReason == [.terminated: 5])
            #expect(try await test.system.deadLetters().description == "terminated: 5")
        }
    }
}

@Suite struct DeadLetterCountsTests {
    @Test func `messages are counted by reason`() {
        var counts = DeadLetterCounts()
        #expect(counts[.lost] == 0 && counts.total == 0 && counts.description == "")
        counts.add(3, .lost)
        counts.add(1, .threw)
        counts.add(2, .lost)
        #expect(counts[.lost] == 5 && counts[.threw] == 1 && counts.total == 6)
        #expect(counts.description == "lost: 5, threw: 1")
    }

    @Test func `a count does not run over`() {
        var counts = DeadLetterCounts()
        counts.add(.max, .lost)
        counts.add(.max, .lost)
        counts.add(-1, .threw)
        #expect(counts[.lost] == .max && counts[.threw] == 0)
    }

    @Test func `more kinds than there can be are counted together`() {
        var counts = DeadLetterCounts()
        for number in 0..<1_000 { counts.add(1, DeadLetter.Reason(description: "kind \(number)")) }
        #expect(counts.byReason.count == 64)
        #expect(counts[.other] == 1_000 - 63 && counts.total == 1_000)
    }
}
