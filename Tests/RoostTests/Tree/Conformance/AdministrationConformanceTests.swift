import Testing

@testable import Roost

/// The child API, and what can be seen: the last group of OTP's cases, as far as the machine decides.
@Suite struct AdministrationConformanceTests {
    // OTP: child_adm, extra_return
    @Test func `a child is started, stopped, restarted and deleted, and each error has its name`() {
        let bench = Bench.running(children: permanent("a"))
        #expect(bench.startChild(.permanent("a")) == .refused(.alreadyStarted))
        #expect(bench.stopChild("nobody") == .refused(.noSuchChild))
        #expect(bench.restartChild("nobody") == .refused(.noSuchChild))
        #expect(bench.deleteChild("nobody") == .refused(.noSuchChild))
        #expect(bench.restartChild("a") == .refused(.isRunning))
        #expect(bench.deleteChild("a") == .refused(.isRunning))
        #expect(bench.takeLog() == [])

        #expect(bench.stopChild("a") == .done)
        #expect(bench.phase("a") == .absent && bench.left == ["a"])
        // Like deleting something that does not exist, it succeeds.
        #expect(bench.stopChild("a") == .done && bench.left == ["a"])
        #expect(bench.startChild(.permanent("a")) == .refused(.alreadySpecified))

        #expect(bench.restartChild("a") == .started(0) && bench.running == ["a"])
        bench.stopChild("a")
        #expect(bench.deleteChild("a") == .done && bench.specified == [])
        #expect(bench.restartChild("a") == .refused(.noSuchChild))
        #expect(bench.startChild(.permanent("a")) == .started(1))
        #expect(bench.takeLog() == ["stop a", "start a", "stop a", "start a"])
        bench.end("a")
        #expect(bench.takeLog() == ["start a"] && bench.running == ["a"])
    }

    // OTP: child_adm_simple
    @Test func `dynamic children are started and stopped, and neither restarted by hand nor deleted`() {
        let bench = Bench.running(isDynamic: true)
        #expect(bench.specified == [])
        #expect(bench.startChild(.permanent("a")) == .started(0))
        #expect(bench.startChild(.permanent("b")) == .started(1))
        #expect(bench.startChild(.permanent("b")) == .refused(.alreadyStarted))
        #expect(bench.restartChild("a") == .refused(.isDynamic))
        #expect(bench.deleteChild("a") == .refused(.isDynamic))
        #expect(bench.stopChild("a") == .done && bench.specified == ["b"])
        #expect(bench.stopChild("a") == .refused(.noSuchChild))
        #expect(bench.restartChild("a") == .refused(.isDynamic))
        #expect(bench.left == ["a for good"])
    }

    // OTP: child_adm
    @Test func `a child is known while it is started and while it is stopped`() {
        let bench = Bench.running()
        bench.script["a"] = [.hangs]
        bench.slow = ["a"]
        #expect(bench.startChild(.permanent("a")) == nil)
        #expect(bench.startChild(.permanent("a")) == .refused(.alreadyStarted))
        #expect(bench.restartChild("a") == .refused(.isRunning))
        bench.succeed("a")
        #expect(bench.answers[1] == .started(0))
        #expect(bench.stopChild("a") == nil)
        #expect(bench.stopChild("a") == nil)
        #expect(bench.deleteChild("a") == .refused(.isRunning))
        bench.end("a", .shutdown)
        #expect(bench.answers[4] == .done && bench.answers[5] == .done)
        #expect(bench.takeLog() == ["start a", "stop a"])
    }

    // OTP: child_adm
    @Test func `a child that is stopped while it is added is gone, and both hear of it`() {
        let bench = Bench.running()
        bench.script["a"] = [.hangs]
        bench.startChild(.permanent("a"))
        #expect(bench.stopChild("a") == .done)
        #expect(bench.answers[1] == .refused(.wasStopped))
        #expect(bench.specified == [] && bench.left == ["a for good"])
    }

    // OTP: child_unlink
    @Test func `a child that does not end when it is stopped hinders no other`() {
        let bench = Bench.running(children: permanent("a", "b"))
        bench.slow = ["a"]
        #expect(bench.stopChild("a") == nil)
        bench.end("b")
        #expect(bench.startChild(.permanent("c")) == .started(2))
        #expect(bench.takeLog() == ["stop a", "start b", "start c"])
        #expect(bench.running == ["b", "c"])
    }

    // OTP: do_not_save_child_specs_for_temporary_children
    @Test(arguments: SupervisorStrategy.allCases, [ExitReason.killed(by: .user), .normal, .oops, nil])
    func `the specification of a temporary child is gone with it, of others not`(
        strategy: SupervisorStrategy, reason: ExitReason?
    ) {
        for restart in [Restart.permanent, .transient, .temporary] {
            let bench = Bench.running(strategy)
            let rules = ChildRules(name: "a", restart: restart)
            bench.startChild(rules)
            if let reason { bench.end("a", reason) } else { bench.stopChild("a") }
            let isRestarted = reason.map(restart.applies) ?? false
            let expected: SupervisorState.Answer =
                restart == .temporary
                ? .started(1) : .refused(isRestarted ? .alreadyStarted : .alreadySpecified)
            #expect(bench.startChild(rules) == expected, "\(restart)")
        }
    }

    // OTP: hanging_restart_loop, count_restarting_children
    @Test func `a child in a restart loop is seen to be restarting, and can be stopped`() {
        let bench = Bench.running(backoff: Backoff(), children: permanent("a"))
        bench.script["a"] = [.fails(.oops)]
        bench.end("a")
        #expect(bench.isRestarting("a") && bench.delays == [.zero, .milliseconds(10)])
        #expect(bench.startChild(.permanent("a")) == .refused(.alreadyStarted))
        #expect(bench.restartChild("a") == .refused(.isRestarting))
        #expect(bench.deleteChild("a") == .refused(.isRestarting))
        #expect(bench.stopChild("a") == .done)
        #expect(bench.phase("a") == .absent && !bench.isRestarting("a") && bench.timers.isEmpty)
        #expect(bench.restartChild("a") == .started(0))
        bench.end("a")
        #expect(bench.isRestarting("a"))
        _ = bench.takeLog()
        bench.stop()
        #expect(bench.takeLog() == ["cancel", "ended"] && bench.timers.isEmpty)
    }

    // OTP: hanging_restart_loop
    @Test func `so can one whose restart hangs`() {
        let bench = Bench.running(children: permanent("a", "b"))
        bench.script["a"] = [.hangs]
        bench.end("a")
        #expect(bench.phase("a") == .starting)
        #expect(bench.stopChild("a") == .done && bench.phase("a") == .absent)
        #expect(bench.takeLog() == ["start a", "stop a"])
    }

    // OTP: hanging_restart_loop_rest_for_one
    @Test(arguments: [SupervisorStrategy.restForOne, .oneForAll])
    func `a group in a restart loop is seen to be restarting, and a member can be stopped`(
        strategy: SupervisorStrategy
    ) {
        let bench = Bench.running(strategy, backoff: Backoff(), children: permanent("a", "b", "c"))
        bench.script["b"] = [.fails(.oops)]
        bench.end("b")
        let awaited = strategy == .restForOne ? ["b", "c"] : ["a", "b", "c"]
        for name in ["a", "b", "c"] { #expect(bench.isRestarting(name) == awaited.contains(name)) }
        #expect(bench.startChild(.permanent("b")) == .refused(.alreadyStarted))
        #expect(bench.restartChild("b") == .refused(.isRestarting))
        #expect(bench.deleteChild("c") == .refused(.isRestarting))
        #expect(bench.stopChild("b") == .done && bench.left == ["b"])
        #expect(!bench.isRestarting("b"))
        bench.fire()
        #expect(bench.running == ["a", "c"] && bench.phase("b") == .absent)
        #expect(bench.restartChild("b") == .started(1))
        bench.end("b")
        _ = bench.takeLog()
        bench.stop()
        #expect(
            bench.takeLog()
                == (strategy == .restForOne ? ["cancel", "stop a", "ended"] : ["cancel", "ended"]))
    }

    // OTP: hanging_restart_loop_simple
    @Test func `a dynamic child in a restart loop can be stopped`() {
        let bench = Bench.running(backoff: Backoff(), isDynamic: true)
        bench.script["a"] = [.succeeds, .fails(.oops)]
        for name in ["a", "b"] { bench.startChild(.permanent(name)) }
        bench.end("a")
        #expect(bench.isRestarting("a"))
        #expect(bench.restartChild("a") == .refused(.isDynamic))
        #expect(bench.stopChild("a") == .done && bench.specified == ["b"] && bench.timers.isEmpty)
        bench.end("b")
        bench.end("b")
        #expect(bench.isRestarting("b"))
        bench.stop()
        #expect(bench.endReason == .shutdown && bench.timers.isEmpty)
    }

    // OTP: scale_start_stop_many_children, simple_one_for_one_scale_many_temporary_children
    @Test(arguments: [true, false])
    func `two thousand children are started and stopped`(isDynamic: Bool) {
        let names = (0..<2_000).map { "c\($0)" }
        let bench = Bench.running(isDynamic: isDynamic)
        for name in names { bench.startChild(.temporary(name)) }
        #expect(bench.running == names)
        for name in names.prefix(1_000) { bench.stopChild(name) }
        _ = bench.takeLog()
        bench.stop()
        let rest = names.dropFirst(1_000).map { "stop \($0)" }
        #expect(bench.takeLog() == (isDynamic ? rest : rest.reversed()) + ["ended"])
        #expect(bench.left.count == 2_000 && bench.specified == [])
    }

    // OTP: order_of_children
    @Test func `the order is the one they are written in, then the one they are added in`() {
        let bench = Bench.running(.restForOne, children: permanent("ch7", "ch3", "ch10"))
        bench.startChild(.permanent("ch2"))
        bench.startChild(.permanent("ch5"))
        _ = bench.takeLog()
        bench.end("ch10")
        #expect(bench.takeLog() == ["stop ch5", "stop ch2", "start ch10", "start ch2", "start ch5"])
        bench.stop()
        #expect(bench.takeLog() == ["ch5", "ch2", "ch10", "ch3", "ch7"].map { "stop \($0)" } + ["ended"])
    }

    @Test func `a child that is done in a group that still starts can be stopped and restarted by hand`() {
        let bench = Bench.running(.oneForAll, children: [.transient("a"), .permanent("b"), .permanent("c")])
        bench.script["b"] = [.hangs]
        bench.end("c")
        #expect(bench.takeLog() == ["stop b", "stop a", "start a", "start b"])
        bench.end("a", .normal)
        #expect(bench.left == ["a"] && !bench.isRestarting("a"))
        #expect(bench.stopChild("a") == .done && bench.left == ["a"])
        #expect(bench.restartChild("a") == .started(0))
        bench.succeed("b")
        #expect(bench.running == ["a", "b", "c"])
    }
}
