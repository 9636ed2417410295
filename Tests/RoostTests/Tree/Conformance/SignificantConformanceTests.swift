import Testing

@testable import Roost

/// Supervisors that shut down with their significant children: the fifth group of OTP's cases.
@Suite struct SignificantConformanceTests {
    private static let automatic = [AutoShutdown.anySignificant, .allSignificant]

    // OTP: nonsignificant_temporary
    @Test(arguments: AutoShutdown.allCases, [ExitReason.normal, .shutdown, .oops, .killed(by: .user)])
    func `the end of a temporary child that is not significant shuts nothing down`(
        autoShutdown: AutoShutdown, reason: ExitReason
    ) {
        let bench = Bench.running(autoShutdown: autoShutdown, children: [.temporary("a"), .temporary("b")])
        bench.stopChild("a")
        bench.end("b", reason)
        #expect(bench.specified == [] && bench.state.phase == .running)
    }

    // OTP: nonsignificant_transient
    @Test(arguments: AutoShutdown.allCases, [ExitReason.normal, .shutdown, .oops, .killed(by: .user)])
    func `the end of a transient child that is not significant shuts nothing down`(
        autoShutdown: AutoShutdown, reason: ExitReason
    ) {
        let bench = Bench.running(autoShutdown: autoShutdown, children: [.transient("a"), .transient("b")])
        bench.stopChild("a")
        bench.end("b", reason)
        #expect(bench.state.phase == .running)
        #expect(bench.running == (reason.isNormal ? [] : ["b"]))
    }

    // OTP: significant_temporary
    @Test(arguments: [ExitReason.normal, .shutdown, .oops, .killed(by: .user)])
    func `a significant temporary child shuts its supervisor down with any end`(reason: ExitReason) {
        let bench = Bench.running(
            autoShutdown: .anySignificant,
            children: [
                .permanent("p"), .temporary("a", isSignificant: true), .temporary("b", isSignificant: true),
            ])
        bench.end("a", reason)
        #expect(bench.takeLog() == ["stop b", "stop p", "ended"] && bench.endReason == .shutdown)
    }

    // OTP: significant_temporary, significant_transient
    @Test(arguments: automatic, [Restart.temporary, .transient])
    func `a significant child that is stopped by hand does not shut its supervisor down`(
        autoShutdown: AutoShutdown, restart: Restart
    ) {
        let bench = Bench.running(
            autoShutdown: autoShutdown,
            children: [ChildRules(name: "a", restart: restart, isSignificant: true)])
        bench.stopChild("a")
        #expect(bench.takeLog() == ["stop a"] && bench.state.phase == .running)
    }

    // OTP: significant_transient
    @Test(arguments: automatic)
    func `a significant transient child shuts its supervisor down only with a normal end`(
        autoShutdown: AutoShutdown
    ) {
        for reason in [ExitReason.normal, .shutdown] {
            let bench = Bench.running(
                autoShutdown: autoShutdown, children: [.permanent("p"), .transient("a", isSignificant: true)])
            bench.end("a", .oops)
            #expect(bench.takeLog() == ["start a"])
            bench.end("a", reason)
            #expect(bench.takeLog() == ["stop p", "ended"] && bench.endReason == .shutdown)
        }
    }

    // OTP: significant_temporary, significant_transient
    @Test(arguments: [Restart.temporary, .transient])
    func `allSignificant waits for the last of them, also for one that is about to be restarted`(
        restart: Restart
    ) {
        let both = ["a", "b"].map { ChildRules(name: $0, restart: restart, isSignificant: true) }
        let bench = Bench.running(
            backoff: Backoff(), autoShutdown: .allSignificant,
            children: both + [.permanent("p"), .transient("x", isSignificant: true)])
        bench.end("x", .oops)
        bench.end("x", .oops)
        bench.end("a", .normal)
        bench.end("b", .normal)
        #expect(bench.isRestarting("x") && bench.state.phase == .running)
        bench.fire("x")
        _ = bench.takeLog()
        bench.end("x", .normal)
        #expect(bench.takeLog() == ["stop p", "ended"] && bench.endReason == .shutdown)
    }

    // OTP: significant_transient
    @Test(arguments: automatic)
    func `a significant child may end while others are still started`(autoShutdown: AutoShutdown) {
        let bench = Bench(
            autoShutdown: autoShutdown, children: [.transient("a", isSignificant: true), .permanent("b")])
        bench.script["b"] = [.hangs]
        bench.start()
        bench.end("a", .normal)
        #expect(bench.takeLog() == ["start a", "start b", "stop b", "ended"] && bench.endReason == .shutdown)
    }

    @Test(arguments: automatic)
    func `a shutdown while others are still started starts no more of them`(autoShutdown: AutoShutdown) {
        let bench = Bench(
            autoShutdown: autoShutdown,
            children: [.temporary("t", isSignificant: true), .permanent("a"), .permanent("b")])
        bench.script["a"] = [.hangs]
        bench.slow = ["a"]
        bench.start()
        bench.stopChild("a")
        #expect(bench.takeLog() == ["start t", "start a", "stop a"])
        bench.end("t")
        bench.end("a", .shutdown)
        #expect(bench.takeLog() == ["ended"])
    }

    // OTP: significant_bystander
    @Test(arguments: automatic, [SupervisorStrategy.oneForAll, .restForOne])
    func `a significant child that is stopped for another's sake does not shut its supervisor down`(
        autoShutdown: AutoShutdown, strategy: SupervisorStrategy
    ) {
        let bench = Bench.running(
            strategy, autoShutdown: autoShutdown,
            children: [
                .permanent("p"), .temporary("t", isSignificant: true), .transient("x", isSignificant: true),
            ])
        bench.end("p")
        #expect(bench.takeLog() == ["stop x", "stop t", "start p", "start x"])
        #expect(bench.state.phase == .running && bench.specified == ["p", "x"])
        // Nor does one that ends by itself before its turn comes.
        for name in ["u", "v"] { bench.startChild(.temporary(name, isSignificant: true)) }
        bench.slow = ["v"]
        bench.end("p")
        bench.end("u", .normal)
        bench.end("v", .shutdown)
        #expect(
            bench.state.phase == .running && bench.running == ["p", "x"] && bench.specified == ["p", "x"])
    }

    // OTP: significant_escalation
    @Test func `the shutdown goes on upwards only through supervisors that are significant themselves`() {
        for isSignificant in [true, false] {
            let below = Bench.running(
                autoShutdown: .anySignificant, children: [.transient("a", isSignificant: true)])
            below.end("a", .normal)
            let above = Bench.running(
                autoShutdown: .anySignificant,
                children: [
                    .transient("below", isSignificant: isSignificant), .transient("x", isSignificant: true),
                ])
            above.end("below", below.endReason ?? .unknown)
            #expect(above.takeLog() == (isSignificant ? ["stop x", "ended"] : []))
        }
        // One that is permanent is started again.
        let above = Bench.running(children: permanent("below"))
        above.end("below", .shutdown)
        #expect(above.takeLog() == ["start below"])
    }
}
