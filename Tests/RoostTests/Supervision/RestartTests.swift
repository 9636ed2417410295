import RoostTesting
import Testing

@testable import Roost

@Suite struct RestartTests {
    /// Every kind of end, and whether it is a normal one.
    static let reasons: [(reason: ExitReason, isNormal: Bool)] = [
        (.normal, true), (.shutdown, true), (.failed(RemoteError(typeName: "Oops", message: "no")), false),
        (.crashed(signal: 11), false), (.exited(code: 0), false), (.killed(by: .watchdog), false),
        (.unknown, false),
    ]

    @Test func `a permanent child is restarted after every end`() {
        for (reason, _) in Self.reasons { #expect(Restart.permanent.applies(after: reason), "\(reason)") }
    }

    @Test func `a transient child is restarted after an abnormal end only`() {
        for (reason, isNormal) in Self.reasons {
            #expect(reason.isNormal == isNormal, "\(reason)")
            #expect(Restart.transient.applies(after: reason) == !isNormal, "\(reason)")
        }
    }

    @Test func `a temporary child is never restarted`() {
        for (reason, _) in Self.reasons { #expect(!Restart.temporary.applies(after: reason), "\(reason)") }
    }

    // MARK: Backoff

    @Test func `the first restart is at once, the second after 10 ms, then twice as long up to 5 s`() {
        let backoff = Backoff(jitter: 0)
        let expected = [0, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_000, 5_000, 5_000]
        for (index, milliseconds) in expected.enumerated() {
            let delay = backoff.delay(beforeRestart: index + 1, random: 0.5)
            #expect(delay == .milliseconds(milliseconds), "restart \(index + 1)")
        }
    }

    @Test func `very many restarts neither overflow nor take long to count`() {
        #expect(Backoff(jitter: 0).delay(beforeRestart: .max, random: 1) == .seconds(5))
        let slow = Backoff(initial: .nanoseconds(1), maximum: .seconds(1 << 33), jitter: 0)
        #expect(slow.delay(beforeRestart: 12, random: 0) == .nanoseconds(1_024))
        #expect(slow.delay(beforeRestart: .max, random: 0) > .seconds(1 << 32))
    }

    @Test func `jitter makes a delay up to a fifth shorter or longer`() {
        let backoff = Backoff()
        #expect(backoff.delay(beforeRestart: 2, random: 0) == .milliseconds(8))
        #expect(backoff.delay(beforeRestart: 2, random: 0.5) == .milliseconds(10))
        #expect(backoff.delay(beforeRestart: 2, random: 1) == .milliseconds(12))
        #expect(backoff.delay(beforeRestart: 1, random: 1) == .zero)
        #expect(Backoff(jitter: 1).delay(beforeRestart: 3, random: 0) == .zero)
        #expect(Backoff(jitter: 1).delay(beforeRestart: 3, random: 1) == .milliseconds(40))
    }

    @Test func `random delays stay within the jitter`() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<10_000 {
            let count = Int.random(in: 1...20, using: &random)
            let jitter = Double.random(in: 0...1, using: &random)
            let middle = Backoff(jitter: 0).delay(beforeRestart: count, random: 0)
            let delay = Backoff(jitter: jitter).delay(
                beforeRestart: count, random: .random(in: 0...1, using: &random))
            #expect(delay >= middle * (1 - jitter) - .nanoseconds(2))
            #expect(delay <= min(middle * (1 + jitter) + .nanoseconds(2), .seconds(5)))
        }
    }

    @Test func `no delay is longer than the maximum`() {
        #expect(Backoff().delay(beforeRestart: 30, random: 1) == .seconds(5))
        #expect(Backoff().delay(beforeRestart: 30, random: 0.5) == .seconds(5))
        #expect(Backoff().delay(beforeRestart: 30, random: 0) == .seconds(4))
        // The last delay below the maximum that jitter takes beyond it: 2,560 ms and up to twice that.
        #expect(Backoff(jitter: 1).delay(beforeRestart: 10, random: 1) == .seconds(5))
    }

    @Test func `without backoff every restart is at once`() {
        for count in [1, 2, 3, 100, .max] {
            #expect(Backoff.none.delay(beforeRestart: count, random: 1) == .zero)
        }
    }

    @Test func `a maximum equal to the first delay keeps it`() {
        let constant = Backoff(initial: .seconds(2), maximum: .seconds(2), jitter: 0)
        for count in 2...10 { #expect(constant.delay(beforeRestart: count, random: 0) == .seconds(2)) }
    }

    @Test func `a backoff that cannot be meant is refused`() async {
        await #expect(processExitsWith: .failure) { _ = Backoff(initial: .seconds(2), maximum: .seconds(1)) }
        await #expect(processExitsWith: .failure) { _ = Backoff(initial: .seconds(-1)) }
        await #expect(processExitsWith: .failure) { _ = Backoff(jitter: 1.01) }
    }
}
