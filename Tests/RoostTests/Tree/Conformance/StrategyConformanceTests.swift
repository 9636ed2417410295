import RoostPlatform
import Testing

@testable import Roost

/// Which children are restarted together, and when the supervisor gives up: the fourth group of OTP's cases.
@Suite struct StrategyConformanceTests {
    // MARK: One for one

    // OTP: one_for_one
    @Test func `oneForOne restarts the one that ended, until that is too often`() {
        let bench = Bench.running(restarts: 2, children: permanent("a", "b", "c"))
        bench.end("b")
        bench.end("a")
        #expect(bench.takeLog() == ["start b", "start a"] && bench.running == ["a", "b", "c"])
        bench.end("b")
        #expect(bench.takeLog() == ["gave up b", "stop c", "stop a", "ended"] && bench.hasGivenUp)
        #expect(bench.left == ["b", "c", "a"] && bench.delays.count == 2)
    }

    // OTP: one_for_one_escalation
    @Test func `oneForOne gives up when a child cannot be restarted`() {
        let bench = Bench.running(restarts: 3, children: permanent("a", "b"))
        bench.script["a"] = Array(repeating: .fails(.oops), count: 10)
        bench.end("a")
        #expect(bench.takeLog() == ["start a", "start a", "start a", "gave up a", "stop b", "ended"])
        #expect(bench.hasGivenUp)
    }

    // MARK: One for all

    // OTP: one_for_all
    @Test func `oneForAll stops the others in reverse and starts all in order, until that is too often`() {
        let bench = Bench.running(.oneForAll, restarts: 1, children: permanent("a", "b", "c"))
        bench.end("b")
        #expect(bench.takeLog() == ["stop c", "stop a", "start a", "start b", "start c"])
        #expect(bench.running == ["a", "b", "c"] && bench.left.isEmpty)
        bench.end("c")
        #expect(bench.takeLog() == ["gave up c", "stop b", "stop a", "ended"] && bench.hasGivenUp)
    }

    // OTP: one_for_all
    @Test func `each is stopped when the one behind it has ended, and started when the one before is ready`()
    {
        let bench = Bench.running(.oneForAll, children: permanent("a", "b", "c"))
        bench.slow = ["a", "c"]
        bench.script = ["a": [.hangs]]
        bench.end("b")
        #expect(bench.takeLog() == ["stop c"])
        bench.end("c", .shutdown)
        #expect(bench.takeLog() == ["stop a"])
        bench.end("a", .shutdown)
        #expect(bench.takeLog() == ["start a"])
        bench.succeed("a")
        #expect(bench.takeLog() == ["start b", "start c"])
    }

    // OTP: one_for_all_escalation
    @Test func `oneForAll gives up when a child cannot be restarted`() {
        let bench = Bench.running(.oneForAll, restarts: 2, children: permanent("a", "b"))
        bench.script["b"] = Array(repeating: .fails(.oops), count: 10)
        bench.end("a")
        let round = ["start a", "start b"]
        #expect(
            bench.takeLog() == ["stop b"] + round + ["stop a"] + round + ["gave up b", "stop a", "ended"])
        #expect(bench.hasGivenUp)
    }

    // OTP: one_for_all_other_child_fails_restart
    @Test func `oneForAll stops a sibling again that was restarted already when another fails to restart`() {
        let bench = Bench.running(.oneForAll, children: permanent("a", "b", "c"))
        bench.script["b"] = [.fails(.oops)]
        bench.end("a")
        #expect(
            bench.takeLog() == [
                "stop c", "stop b", "start a", "start b", "stop a", "start a", "start b", "start c",
            ])
        #expect(bench.running == ["a", "b", "c"])
    }

    // MARK: Rest for one

    // OTP: rest_for_one
    @Test func `restForOne restarts the one that ended and those behind it, until that is too often`() {
        let bench = Bench.running(.restForOne, restarts: 2, children: permanent("a", "b", "c", "d"))
        bench.end("b")
        #expect(bench.takeLog() == ["stop d", "stop c", "start b", "start c", "start d"])
        bench.end("d")
        #expect(bench.takeLog() == ["start d"] && bench.running == ["a", "b", "c", "d"])
        bench.end("b")
        #expect(bench.takeLog() == ["gave up b", "stop d", "stop c", "stop a", "ended"] && bench.hasGivenUp)
    }

    // OTP: rest_for_one_escalation
    @Test func `restForOne gives up when a child cannot be restarted`() {
        let bench = Bench.running(.restForOne, restarts: 3, children: permanent("a", "b"))
        bench.script["b"] = Array(repeating: .fails(.oops), count: 10)
        bench.end("a")
        #expect(
            bench.takeLog() == [
                "stop b", "start a", "start b", "start b", "start b", "gave up b", "stop a", "ended",
            ])
        #expect(bench.hasGivenUp)
    }

    // OTP: rest_for_one_other_child_fails_restart
    @Test func `restForOne resumes at the child that failed to restart, and lets the one before it be`() {
        let bench = Bench.running(.restForOne, children: permanent("a", "b", "c"))
        bench.script["b"] = [.fails(.oops)]
        bench.end("a")
        #expect(bench.takeLog() == ["stop c", "stop b", "start a", "start b", "start b", "start c"])
    }

    // OTP: rest_for_one_other_child_fails_restart
    @Test func `one further ahead that ends meanwhile takes the rest of the first restart with it`() {
        let bench = Bench.running(.restForOne, children: permanent("a", "b", "c", "d"))
        bench.script["c"] = [.hangs]
        bench.end("b")
        #expect(bench.takeLog() == ["stop d", "stop c", "start b", "start c"])
        bench.end("a")
        #expect(bench.takeLog() == ["stop c", "stop b", "start a", "start b", "start c", "start d"])
    }

    // OTP: rest_for_one_other_child_fails_restart
    @Test func `one further behind that ends meanwhile does not make the first restart forgotten`() {
        let bench = Bench.running(.restForOne, children: permanent("a", "b", "c"))
        bench.script["b"] = [.hangs]
        bench.end("b")
        bench.startChild(.permanent("d"))
        #expect(bench.takeLog() == ["stop c", "start b", "start d"])
        bench.end("d")
        #expect(bench.takeLog() == ["stop b", "start b", "start c", "start d"])
        #expect(bench.running == ["a", "b", "c", "d"])
    }

    // MARK: Dynamic

    // OTP: simple_one_for_one, simple_one_for_one_extra
    @Test func `a dynamic child is restarted alone, until that is too often`() {
        let bench = Bench.running(restarts: 2, isDynamic: true)
        for name in ["a", "b"] { bench.startChild(.permanent(name)) }
        _ = bench.takeLog()
        bench.end("b")
        bench.end("a")
        #expect(bench.takeLog() == ["start b", "start a"])
        bench.end("b")
        #expect(bench.takeLog() == ["gave up b", "stop a", "ended"] && bench.hasGivenUp)
    }

    // OTP: simple_one_for_one_escalation
    @Test func `a dynamic supervisor gives up when a child cannot be restarted`() {
        let bench = Bench.running(restarts: 3, isDynamic: true)
        for name in ["a", "b"] { bench.startChild(.permanent(name)) }
        bench.script["a"] = Array(repeating: .fails(.oops), count: 10)
        _ = bench.takeLog()
        bench.end("a")
        #expect(bench.takeLog() == ["start a", "start a", "start a", "gave up a", "stop b", "ended"])
        #expect(bench.specified == [] && bench.hasGivenUp)
    }

    // OTP: simple_one_for_one_restart_ignore
    @Test func `a dynamic child that is not needed any more when it is restarted is forgotten`() {
        let bench = Bench.running(isDynamic: true)
        bench.script["a"] = [.succeeds, .ignores]
        bench.startChild(.permanent("a"))
        bench.end("a")
        #expect(bench.specified == [] && bench.left == ["a for good"] && bench.state.phase == .running)
    }

    @Test(arguments: SupervisorStrategy.allCases)
    func `another child that is not needed any more when it is restarted is kept`(
        strategy: SupervisorStrategy
    ) {
        let bench = Bench.running(strategy, children: permanent("a", "b"))
        bench.script["a"] = [.ignores]
        bench.end("a")
        #expect(bench.specified == ["a", "b"] && bench.running == ["b"] && bench.left == ["a"])
        #expect(bench.restartChild("a") == .started(0))
    }

    // MARK: All of them

    // OTP: multiple_restarts
    @Test(arguments: SupervisorStrategy.allCases)
    func `any number of restarts survive when they are spread over time`(strategy: SupervisorStrategy) {
        let bench = Bench.running(strategy, restarts: 2, children: permanent("a", "b"))
        for _ in 0..<50 {
            bench.end("a")
            bench.end("b")
            #expect(bench.running == ["a", "b"])
            bench.now = bench.now.advanced(by: .seconds(60) + .nanoseconds(1))
        }
        // The very end of the period still belongs to it.
        bench.end("a")
        bench.end("b")
        bench.now = bench.now.advanced(by: .seconds(60))
        bench.end("a")
        #expect(bench.hasGivenUp)
    }

    // OTP: temporary_bystander
    @Test(arguments: [SupervisorStrategy.oneForAll, .restForOne])
    func `a temporary child that is stopped for another's sake is not restarted`(
        strategy: SupervisorStrategy
    ) {
        let bench = Bench.running(strategy, children: [.permanent("a"), .temporary("t"), .transient("b")])
        bench.end("a")
        #expect(bench.takeLog() == ["stop b", "stop t", "start a", "start b"])
        #expect(bench.specified == ["a", "b"] && bench.left == ["t for good"])
    }

    // OTP: temporary_bystander
    @Test(arguments: [ExitReason.normal, .oops])
    func `a member that ends by itself before it is stopped is no further restart`(reason: ExitReason) {
        let bench = Bench.running(
            .oneForAll, restarts: 1,
            children: [.transient("a"), .temporary("t"), .permanent("b"), .permanent("c")])
        bench.slow = ["b"]
        bench.end("c")
        bench.end("t", reason)
        bench.end("a", reason)
        #expect(bench.takeLog() == ["stop b"])
        bench.end("b", .shutdown)
        #expect(bench.takeLog() == ["start a", "start b", "start c"] && bench.delays.count == 1)
        #expect(bench.left == ["t for good"])
    }

    @Test(arguments: [true, false])
    func `nor is one whose start by hand comes to nothing before it is stopped`(isIgnored: Bool) {
        let bench = Bench.running(.oneForAll, restarts: 1, children: permanent("a", "b", "c"))
        bench.stopChild("a")
        bench.script["a"] = [.hangs]
        bench.restartChild("a")
        bench.slow = ["b"]
        _ = bench.takeLog()
        bench.end("c")
        if isIgnored { bench.ignore("a") } else { bench.end("a", .oops) }
        #expect(bench.answers[2] == (isIgnored ? .ignored : .startFailed(0, .oops)))
        bench.end("b", .shutdown)
        #expect(bench.takeLog() == ["stop b", "start a", "start b", "start c"])
        #expect(bench.left == ["a"] && bench.delays.count == 1)
    }

    @Test(arguments: SupervisorStrategy.allCases)
    func `the first restart is at once, and those after it are delayed more and more`(
        strategy: SupervisorStrategy
    ) {
        let bench = Bench.running(strategy, backoff: Backoff(), children: permanent("a", "b"))
        for (count, delay) in [0, 10, 20, 40, 80].enumerated() {
            bench.end("a")
            #expect(bench.delays.last == .milliseconds(delay))
            if count > 0 {
                #expect(bench.isRestarting("a") && bench.phase("a") != .starting)
                bench.fire(strategy == .oneForOne ? "a" : nil)
            }
            #expect(bench.running == ["a", "b"] && bench.timers.isEmpty)
        }
    }

    @Test func `what ends while its group waits for its delay sets the delay anew`() {
        let bench = Bench.running(.restForOne, backoff: Backoff(), children: permanent("a", "b", "c"))
        bench.end("b")
        bench.end("b")
        _ = bench.takeLog()
        bench.end("a")
        #expect(bench.takeLog() == ["cancel", "start a", "start b", "start c"])
    }
}
