import Testing

@testable import Roost

/// How a supervisor and its children are started: the first group of OTP's cases.
@Suite struct StartConformanceTests {
    // OTP: sup_start_normal, order_of_children
    @Test func `children start in order, the next when the one before is ready, and stop in reverse`() {
        let bench = Bench(children: ["a", "b", "c"].map(ChildRules.permanent))
        bench.script = ["a": [.hangs], "b": [.hangs]]
        bench.slow = ["b", "c"]
        bench.start()
        #expect(bench.takeLog() == ["start a"])
        bench.succeed("a")
        #expect(bench.takeLog() == ["start b"] && bench.state.phase == .starting)
        bench.succeed("b")
        #expect(bench.takeLog() == ["start c", "started"] && bench.state.phase == .running)
        bench.stop()
        #expect(bench.takeLog() == ["stop c"])
        bench.end("c", .shutdown)
        #expect(bench.takeLog() == ["stop b"])
        bench.end("b", .shutdown)
        #expect(bench.takeLog() == ["stop a", "ended"] && bench.endReason == .shutdown)
    }

    // OTP: sup_start_normal
    @Test func `a supervisor without children starts and stops`() {
        let bench = Bench()
        bench.start()
        #expect(bench.takeLog() == ["started"])
        bench.stop()
        #expect(bench.takeLog() == ["ended"])
        bench.stop()
        #expect(bench.takeLog() == [])
    }

    // OTP: sup_start_ignore_child
    @Test func `the specification of a child that is not needed is kept, and the next is started`() {
        let bench = Bench(children: [.permanent("a"), .transient("b"), .permanent("c")])
        bench.script = ["a": [.ignores], "b": [.ignores]]
        bench.start()
        #expect(bench.takeLog() == ["start a", "start b", "start c", "started"])
        #expect(bench.specified == ["a", "b", "c"] && bench.running == ["c"])
        bench.script["n"] = [.ignores]
        #expect(bench.startChild(.permanent("n")) == .ignored)
        #expect(bench.phase("n") == .absent && bench.left == ["a", "b", "n"])
        #expect(bench.startChild(.permanent("n")) == .refused(.alreadySpecified))
    }

    // OTP: sup_start_ignore_child
    @Test func `what was not needed when it was added is kept also when a later start fails`() {
        let bench = Bench.running()
        bench.script["n"] = [.ignores, .fails(.oops)]
        bench.startChild(.permanent("n"))
        #expect(bench.restartChild("n") == .startFailed(0, .oops))
        #expect(bench.phase("n") == .absent)
    }

    // OTP: sup_start_ignore_temporary_child
    @Test func `the specification of a temporary child that is not needed is not kept`() {
        let bench = Bench(children: [.temporary("a"), .temporary("b")])
        bench.script["a"] = [.ignores]
        bench.start()
        #expect(bench.takeLog() == ["start a", "start b", "started"])
        #expect(bench.specified == ["b"] && bench.left == ["a for good"])
    }

    // OTP: sup_start_ignore_temporary_child_start_child
    @Test func `nor is that of one that was added`() {
        let bench = Bench.running()
        bench.script["a"] = [.ignores]
        #expect(bench.startChild(.temporary("a")) == .ignored)
        #expect(bench.startChild(.temporary("b")) == .started(1))
        #expect(bench.specified == ["b"])
        #expect(bench.startChild(.temporary("a")) == .started(2))
    }

    // OTP: sup_start_ignore_temporary_child_start_child_simple
    // OTP: sup_start_ignore_permanent_child_start_child_simple
    @Test(arguments: [Restart.temporary, .transient, .permanent])
    func `a dynamic child that is not needed is not kept`(restart: Restart) {
        let bench = Bench.running(isDynamic: true)
        bench.script["a"] = [.ignores]
        #expect(bench.startChild(ChildRules(name: "a", restart: restart)) == .ignored)
        #expect(bench.startChild(ChildRules(name: "b", restart: restart)) == .started(1))
        #expect(bench.specified == ["b"] && bench.left == ["a for good"])
        bench.stop()
        #expect(bench.endReason == .shutdown)
    }

    // OTP: sup_start_fail, faulty_application_shutdown
    @Test(arguments: SupervisorStrategy.allCases)
    func `the first start fails as a whole, and says why`(strategy: SupervisorStrategy) {
        let bench = Bench(strategy, children: ["a", "b", "bad", "never"].map(ChildRules.permanent))
        bench.script["bad"] = [.fails(.oops)]
        bench.start()
        #expect(bench.takeLog() == ["start a", "start b", "start bad", "stop b", "stop a", "ended"])
        #expect(bench.endReason == .oops && bench.delays.isEmpty)
        #expect(bench.left == ["bad", "never", "b", "a"])
    }

    // OTP: sup_start_child_returns_error
    @Test(arguments: [Restart.temporary, .transient, .permanent])
    func `a child that is added and cannot be started is not kept`(restart: Restart) {
        let bench = Bench.running(children: permanent("a"))
        bench.script["n"] = [.fails(.oops)]
        #expect(bench.startChild(ChildRules(name: "n", restart: restart)) == .startFailed(1, .oops))
        #expect(bench.specified == ["a"] && bench.left == ["n for good"] && bench.delays.isEmpty)
        #expect(bench.state.phase == .running)
    }

    // OTP: sup_start_restart_child_returns_error
    @Test func `a child that is restarted by hand and cannot be started is kept`() {
        let bench = Bench.running(restarts: 0, children: permanent("a"))
        bench.stopChild("a")
        bench.script["a"] = [.fails(.oops)]
        #expect(bench.restartChild("a") == .startFailed(0, .oops))
        #expect(bench.specified == ["a"] && bench.phase("a") == .absent && bench.state.phase == .running)
        #expect(bench.restartChild("a") == .started(0))
    }

    // OTP: sup_start_child_returns_error_simple
    @Test func `a dynamic child that cannot be started is not kept`() {
        let bench = Bench.running(isDynamic: true)
        bench.script["a"] = [.fails(.oops)]
        #expect(bench.startChild(.permanent("a")) == .startFailed(0, .oops))
        #expect(bench.specified == [] && bench.left == ["a for good"] && bench.state.phase == .running)
    }

    @Test func `a supervisor that is stopped while it starts stops what is there`() {
        let bench = Bench(children: permanent("a", "b", "c"))
        bench.script["b"] = [.hangs]
        bench.start()
        bench.stop()
        #expect(bench.takeLog() == ["start a", "start b", "stop b", "stop a", "ended"])
        #expect(bench.left.sorted() == ["a", "b", "c"])
    }

    @Test func `a child that ends before all have been started is restarted meanwhile`() {
        let bench = Bench(children: permanent("a", "b"))
        bench.script["b"] = [.hangs]
        bench.start()
        bench.end("a")
        #expect(bench.takeLog() == ["start a", "start b", "start a"])
        bench.succeed("b")
        #expect(bench.takeLog() == ["started"] && bench.running == ["a", "b"])
    }

    @Test func `a child that is stopped by hand before its turn to start is left out`() {
        let bench = Bench(children: permanent("a", "b", "c"))
        bench.script["a"] = [.hangs]
        bench.start()
        #expect(bench.stopChild("b") == .done)
        bench.succeed("a")
        #expect(bench.takeLog() == ["start a", "start c", "started"])
        #expect(bench.phase("b") == .absent && bench.left == ["b"])
    }
}

/// Permanent children with these names.
func permanent(_ names: String...) -> [ChildRules] { names.map(ChildRules.permanent) }
