import Testing

@testable import Roost

/// How a supervisor stops its children: the second group of OTP's cases, as far as it decides.
@Suite struct StopConformanceTests {
    // OTP: sup_stop_infinity, sup_stop_timeout, sup_stop_brutal_kill
    @Test(arguments: [ExitReason.shutdown, .killed(by: .shutdownTimeout), .killed(by: .user)])
    func `a slow child is waited for, however it ends, and the others stop in order`(reason: ExitReason) {
        let bench = Bench.running(children: permanent("a", "b", "c"))
        bench.slow = ["b"]
        bench.stop()
        #expect(bench.takeLog() == ["stop c", "stop b"])
        #expect(bench.state.phase == .stopping(.shutdown))
        bench.end("b", reason)
        #expect(bench.takeLog() == ["stop a", "ended"] && bench.endReason == .shutdown)
        #expect(bench.delays.isEmpty)
    }

    // OTP: sup_stop_timeout_dynamic, sup_stop_brutal_kill_dynamic, simple_one_for_one_shutdown
    @Test(arguments: [ExitReason.shutdown, .killed(by: .shutdownTimeout), .killed(by: .user)])
    func `dynamic children are stopped all at once, and waited for`(reason: ExitReason) {
        let bench = Bench.running(isDynamic: true)
        for name in ["a", "b", "c"] { bench.startChild(.permanent(name)) }
        bench.slow = ["a", "b", "c"]
        _ = bench.takeLog()
        bench.stop()
        #expect(bench.takeLog() == ["stop a", "stop b", "stop c"])
        bench.end("b", reason)
        bench.end("c", .shutdown)
        #expect(bench.takeLog() == [])
        bench.end("a", reason)
        #expect(bench.takeLog() == ["ended"] && bench.specified == [])
    }

    struct Race: CustomStringConvertible {
        var restart: Restart
        var reason: ExitReason
        var description: String { "\(restart), \(reason)" }
    }

    static let races = [Restart.temporary, .transient, .permanent].flatMap { restart in
        [ExitReason.normal, .shutdown, .failed(RemoteError(typeName: "Other", message: "")), .oops]
            .map { Race(restart: restart, reason: $0) }
    }

    // OTP: sup_stop_race
    @Test(arguments: races, SupervisorStrategy.allCases)
    func `a child that ends by itself during the shutdown is not restarted`(
        race: Race, strategy: SupervisorStrategy
    ) {
        let raced = ChildRules(name: "b", restart: race.restart)
        let bench = Bench.running(
            strategy, restarts: 0, backoff: Backoff(), children: [.permanent("a"), raced, .permanent("c")])
        bench.slow = ["c"]
        bench.stop()
        bench.end("b", race.reason)
        #expect(bench.takeLog() == ["stop c"])
        bench.end("c", .shutdown)
        #expect(bench.takeLog() == ["stop a", "ended"])
        #expect(bench.endReason == .shutdown && bench.timers.isEmpty && bench.delays.isEmpty)
        #expect(bench.left == [race.restart == .temporary ? "b for good" : "b", "c", "a"])
    }

    // OTP: sup_stop_race
    @Test func `a restart that fails during the shutdown is not tried again`() {
        let bench = Bench.running(backoff: Backoff(), children: permanent("a", "b"))
        bench.slow = ["b"]
        bench.script["a"] = [.hangs]
        bench.end("a")
        bench.stop()
        #expect(bench.takeLog() == ["start a", "stop b"])
        bench.end("a", .oops)
        #expect(bench.takeLog() == [] && bench.left == ["a"])
        bench.end("b", .shutdown)
        #expect(bench.takeLog() == ["ended"] && bench.timers.isEmpty)
    }

    // OTP: sup_stop_non_shutdown_exit_dynamic
    @Test(arguments: races)
    func `a dynamic child that ends otherwise during the shutdown is not restarted`(race: Race) {
        let bench = Bench.running(restarts: 0, isDynamic: true)
        for name in ["a", "b"] { bench.startChild(ChildRules(name: name, restart: race.restart)) }
        bench.slow = ["a", "b"]
        _ = bench.takeLog()
        bench.stop()
        bench.end("a", race.reason)
        bench.end("b", race.reason)
        #expect(bench.takeLog() == ["stop a", "stop b", "ended"])
        #expect(bench.endReason == .shutdown && bench.left == ["a for good", "b for good"])
    }

    @Test func `a start under way is stopped with the others, and whoever asked for it is told`() {
        let bench = Bench.running(children: permanent("a"))
        bench.script["n"] = [.hangs]
        #expect(bench.startChild(.permanent("n")) == nil)
        bench.stop()
        #expect(bench.takeLog() == ["start n", "stop n", "stop a", "ended"])
        #expect(bench.answers[1] == .refused(.wasStopped))
    }

    @Test func `timers are cancelled when the supervisor is stopped`() {
        for strategy in SupervisorStrategy.allCases {
            let bench = Bench.running(strategy, backoff: Backoff(), children: permanent("a", "b"))
            bench.end("a")
            bench.end("a")
            #expect(bench.timers.count == 1)
            _ = bench.takeLog()
            bench.stop()
            #expect(
                bench.takeLog()
                    == (strategy == .oneForOne ? ["cancel", "stop b", "ended"] : ["cancel", "ended"]))
            #expect(bench.timers.isEmpty)
        }
    }

    @Test func `nothing is taken while the supervisor stops, and nothing happens afterwards`() {
        let bench = Bench.running(children: permanent("a", "b"))
        bench.slow = ["a"]
        bench.stop()
        for round in 1...2 {
            #expect(bench.startChild(.permanent("n")) == .refused(.supervisorIsStopping))
            #expect(bench.stopChild("a") == .refused(.supervisorIsStopping))
            #expect(bench.restartChild("b") == .refused(.supervisorIsStopping))
            #expect(bench.deleteChild("b") == .refused(.supervisorIsStopping))
            if round == 1 { bench.end("a", .shutdown) }
        }
        #expect(bench.takeLog() == ["stop b", "stop a", "ended"])
        bench.end("a", .oops)
        bench.succeed("a")
        bench.ignore("a")
        bench.stop()
        #expect(bench.takeLog() == [])
    }
}
