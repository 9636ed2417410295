import Testing

@testable import Roost

@Suite struct ShutdownPolicyTests {
    private static let policies: [ShutdownPolicy] = [
        .kill, .infinity, .within(.zero), .within(.milliseconds(200)), .within(.seconds(5)),
    ]

    /// The sequence in a step, where its policy comes to that step at all.
    private static func sequence(_ policy: ShutdownPolicy, in step: StopSequence.Step) -> StopSequence? {
        var sequence = StopSequence(policy)
        switch step {
        case .untouched: break
        case .asked: _ = sequence.requested()
        case .terminated:
            _ = sequence.requested()
            _ = sequence.timeOver()
        case .killed:
            _ = sequence.requested()
            _ = sequence.timeOver()
            _ = sequence.timeOver()
        case .ended: sequence.ended()
        }
        return sequence.step == step ? sequence : nil
    }

    @Test func `a process is asked, terminated and killed in turn`() {
        var sequence = StopSequence(.within(.milliseconds(200)))
        #expect(sequence.requested() == .ask(limit: .milliseconds(200)))
        #expect(sequence.timeOver() == .terminate(grace: .milliseconds(200)))
        #expect(sequence.timeOver() == .kill)
        #expect(sequence.timeOver() == .ignored)
    }

    @Test(arguments: [(0, 0), (200, 200), (1_000, 1_000), (1_001, 1_000), (60_000, 1_000)])
    func `the grace after SIGTERM is as long as the limit, and a second at most`(limit: Int, grace: Int) {
        var sequence = StopSequence(.within(.milliseconds(limit)))
        _ = sequence.requested()
        #expect(sequence.timeOver() == .terminate(grace: .milliseconds(grace)))
    }

    @Test func `the policy kill does not ask`() {
        var sequence = StopSequence(.kill)
        #expect(sequence.requested() == .kill)
        #expect(sequence.timeOver() == .ignored)
    }

    @Test func `the policy infinity asks and never comes back`() {
        var sequence = StopSequence(.infinity)
        #expect(sequence.requested() == .ask(limit: nil))
        #expect(sequence.timeOver() == .ignored)
        #expect(sequence.step == .asked)
    }

    @Test(arguments: policies, [StopSequence.Step.asked, .terminated, .killed, .ended])
    func `a second request changes nothing`(policy: ShutdownPolicy, step: StopSequence.Step) {
        guard var sequence = Self.sequence(policy, in: step) else { return }
        #expect(sequence.requested() == .ignored)
        #expect(sequence.step == step)
    }

    @Test(arguments: policies, [StopSequence.Step.untouched, .asked, .terminated, .killed])
    func `nothing is done to a process that has ended`(policy: ShutdownPolicy, step: StopSequence.Step) {
        guard var sequence = Self.sequence(policy, in: step) else { return }
        sequence.ended()
        #expect(sequence.requested() == .ignored)
        #expect(sequence.timeOver() == .ignored)
        #expect(sequence.step == .ended)
    }

    @Test(arguments: policies)
    func `time means nothing to a process that was not asked`(policy: ShutdownPolicy) {
        var sequence = StopSequence(policy)
        #expect(sequence.timeOver() == .ignored)
        #expect(sequence.step == .untouched)
    }
}
