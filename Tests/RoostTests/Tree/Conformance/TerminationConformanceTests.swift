import Testing

@testable import Roost

/// Which ends are followed by a restart: the third group of OTP's cases.
@Suite struct TerminationConformanceTests {
    static let abnormal: [ExitReason] = [
        .failed(RemoteError(typeName: "Other", message: "")), .crashed(signal: 11), .exited(code: 0),
        .exited(code: 1), .killed(by: .user), .killed(by: .watchdog), .killed(by: .shutdownTimeout), .unknown,
    ]

    private func end(_ restart: Restart, _ reason: ExitReason, isDynamic: Bool) -> Bench {
        let bench = Bench.running(isDynamic: isDynamic)
        bench.startChild(ChildRules(name: "a", restart: restart))
        _ = bench.takeLog()
        bench.end("a", reason)
        return bench
    }

    // OTP: permanent_normal, permanent_shutdown, permanent_abnormal
    @Test(arguments: [ExitReason.normal, .shutdown] + abnormal, [false, true])
    func `a permanent child is always restarted`(reason: ExitReason, isDynamic: Bool) {
        let bench = end(.permanent, reason, isDynamic: isDynamic)
        #expect(bench.takeLog() == ["start a"] && bench.running == ["a"])
    }

    // OTP: transient_normal, transient_shutdown
    @Test(arguments: [ExitReason.normal, .shutdown], [false, true])
    func `a transient child is not restarted after a normal end, and its specification stays`(
        reason: ExitReason, isDynamic: Bool
    ) {
        let bench = end(.transient, reason, isDynamic: isDynamic)
        #expect(bench.takeLog() == [])
        #expect(bench.specified == (isDynamic ? [] : ["a"]))
        #expect(bench.left == [isDynamic ? "a for good" : "a"])
        if !isDynamic { #expect(bench.restartChild("a") == .started(0)) }
    }

    // OTP: transient_abnormal
    @Test(arguments: abnormal, [false, true])
    func `a transient child is restarted after any other end`(reason: ExitReason, isDynamic: Bool) {
        let bench = end(.transient, reason, isDynamic: isDynamic)
        #expect(bench.takeLog() == ["start a"] && bench.running == ["a"])
    }

    // OTP: temporary_normal, temporary_shutdown, temporary_abnormal
    @Test(arguments: [ExitReason.normal, .shutdown] + abnormal, [false, true])
    func `a temporary child is never restarted, and its specification is gone`(
        reason: ExitReason, isDynamic: Bool
    ) {
        let bench = end(.temporary, reason, isDynamic: isDynamic)
        #expect(bench.takeLog() == [] && bench.specified == [] && bench.left == ["a for good"])
        #expect(bench.startChild(.temporary("a")) == .started(1))
    }

    // OTP: faulty_application_shutdown
    @Test func `a subtree whose start fails surfaces the cause to the tree above`() {
        let below = Bench(children: permanent("bad"))
        below.script["bad"] = [.fails(.oops)]
        below.start()
        let above = Bench(children: permanent("below"))
        above.script["below"] = [.hangs]
        above.start()
        above.end("below", below.endReason ?? .unknown)
        #expect(above.endReason == .oops)
    }

    @Test func `a child that was added is restarted like any other when a later start fails`() {
        let bench = Bench.running()
        bench.script["n"] = [.succeeds, .fails(.oops), .fails(.oops)]
        #expect(bench.startChild(.permanent("n")) == .started(0))
        _ = bench.takeLog()
        bench.end("n")
        #expect(bench.takeLog() == ["start n", "start n", "start n"] && bench.running == ["n"])
        // And the one who asked for it heard of it once.
        #expect(bench.answers == [1: .started(0)])
    }
}
