import RoostPlatform
import Testing

@Suite struct SpinPolicyTests {
    private var policy = SpinPolicy()

    init() { policy.isEnabled = true }

    /// Whether it looks when input is expected.
    private mutating func looks() -> Bool {
        policy.inputExpected = true
        return looksUnasked()
    }

    private mutating func looksUnasked() -> Bool { policy.shouldSpin }

    @Test mutating func `a policy that is switched off never looks`() {
        policy.isEnabled = false
        #expect(!looks())
        #expect(!SpinPolicy().isEnabled)
    }

    @Test mutating func `it looks once for each time that input was expected`() {
        #expect(!looksUnasked())
        #expect(looks())
        #expect(!looksUnasked())
    }

    @Test mutating func `eight failures in a row stop it for sixteen turns, then it tries once more`() {
        for _ in 0..<8 {
            #expect(looks())
            policy.failed()
        }
        for turn in 0..<16 { #expect(!looks(), "turn \(turn)") }
        #expect(looks())
        policy.failed()
        for turn in 0..<16 { #expect(!looks(), "turn \(turn)") }
        #expect(looks())
    }

    @Test mutating func `a turn without input expected is not counted as skipped`() {
        for _ in 0..<8 { policy.failed() }
        for _ in 0..<100 { #expect(!looksUnasked()) }
        for _ in 0..<16 { #expect(!looks()) }
        #expect(looks())
    }

    @Test mutating func `successes earn failures, two each, and no more than sixteen`() {
        for _ in 0..<100 { policy.succeeded() }
        for _ in 0..<15 {
            #expect(looks())
            policy.failed()
        }
        #expect(looks())
        policy.failed()
        #expect(!looks())
    }

    @Test mutating func `a slow yield costs as much as four failures, a quick one nothing`() {
        policy.yielded(for: .microseconds(25))
        policy.yielded(for: .microseconds(26))
        for _ in 0..<4 {
            #expect(looks())
            policy.failed()
        }
        #expect(!looks())
    }

    @Test mutating func `slow yields alone do not stop it before a look has failed`() {
        for _ in 0..<10 { policy.yielded(for: .milliseconds(1)) }
        #expect(looks())
        policy.failed()
        #expect(!looks())
    }

    @Test mutating func `after success it looks again as before`() {
        for _ in 0..<8 { policy.failed() }
        for _ in 0..<16 { _ = looks() }
        #expect(looks())
        policy.succeeded()
        for _ in 0..<3 {
            #expect(looks())
            policy.failed()
        }
        #expect(!looks())
    }
}
