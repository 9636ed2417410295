import Distributed
import RoostTesting
import Testing

@testable import Roost

/// OTP's cases whose meaning needs real processes.
@Suite struct ConformanceProcessTests {
    private func code(_ body: () async throws -> Void) async -> SupervisorError.Code? {
        await (caught(body) as SupervisorError?)?.code
    }

    /// The ends, in order.
    private func ends(_ test: TestSystem) -> [String] {
        test.events.all.compactMap { event in
            if case .terminated(let reason) = event.kind { "\(event.actor) \(reason)" } else { nil }
        }
    }

    /// Has an actor compute for ever, so that it does not end when it is asked to.
    private func occupy(_ echo: Echo, _ test: TestSystem) async throws {
        let signal = Signal(actorSystem: test.system)
        Task { try await echo.computeForEver(signal) }
        try await signal.waitFor("started")
    }

    // OTP: sup_stop_timeout, sup_stop_brutal_kill
    @Test func `a child that does not end is killed at the limit, and the others stop in order`() async throws
    {
        var options = SystemOptions()
        options.shutdown = .within(.milliseconds(100))
        try await withTestSystem(options: options) { test in
            let tree = Supervisor("top") { for name in ["a", "b", "c"] { Child(Echo.self, named: name) } }
            let top = try await test.system.start(tree)
            try await occupy(test.system.find(Echo.self, named: "b"), test)
            try await top.stop()
            try await test.events.wait(for: "ends", count: 3) {
                if case .terminated = $0.kind { true } else { false }
            }
            // On a busy machine the others may not make it in time either.
            #expect(ends(test).compactMap(\.first) == ["c", "b", "a"])
            #expect(ends(test)[1] == "b was killed (shutdownTimeout)")
        }
    }

    // OTP: sup_stop_timeout_dynamic, sup_stop_brutal_kill_dynamic, simple_one_for_one_shutdown
    @Test func `dynamic children that do not end are killed together at the limit`() async throws {
        var options = SystemOptions()
        options.shutdown = .within(.milliseconds(100))
        try await withTestSystem(options: options) { test in
            let top = try await test.system.start(
                Supervisor("top") { DynamicSupervisor("pool", of: Echo.self) })
            let pool = try await top.dynamicSupervisor(of: Echo.self, named: "pool")
            for name in ["a", "b", "c"] {
                let echo = try await pool.start(named: name)
                if name != "b" { try await occupy(echo, test) }
            }
            try await top.stop()
            try await test.events.wait(for: "ends", count: 3) {
                if case .terminated = $0.kind { true } else { false }
            }
            let killed = ["a was killed (shutdownTimeout)", "c was killed (shutdownTimeout)"]
            #expect(Set(ends(test)).isSuperset(of: killed) && ends(test).count == 3)
        }
    }

    // OTP: external_start_no_progress_log, already_started_outside_supervisor
    @Test func `an actor that was started outside is none of a tree's business`() async throws {
        try await withTestSystem { test in
            let top = try await test.system.start(Supervisor("top") { Child(Echo.self, named: "a") })
            let outside = try await test.spawn(Echo.self, named: "outside")
            try await test.kill(outside)
            try await outside.nothing()
            #expect(try await top.children().map(\.name) == ["a"])
            #expect(try await top.child(named: "a").restarts == 0)
            let failure = await code { try await top.startChild(Child(Echo.self, named: "outside")) }
            #expect(failure == .startFailed)
            #expect(try await top.counts().specified == 1)
            try await outside.nothing()
        }
    }

    // OTP: tree
    @Test func `a subtree that is restarted has the children it was written with, and no others`()
        async throws
    {
        try await withTestSystem { test in
            let tree = Supervisor("top", backoff: .none) {
                Supervisor("below", intensity: .init(restarts: 0), backoff: .none) {
                    Child(Echo.self, named: "a")
                }
                Supervisor("beside") { Child(Echo.self, named: "b") }
            }
            let top = try await test.system.start(tree)
            let below = top.supervisor(named: "below")
            let added = try await below.startChild(Child(Echo.self, named: "added"))
            #expect(try await below.counts().active == 2)
            let beside = try await top.supervisor(named: "beside").child(named: "b").processID
            try await test.kill(added)
            try await test.events.wait(for: "its successor", count: 2) {
                $0.actor == "a" && $0.kind == .ready
            }
            #expect(try await below.children().map(\.name) == ["a"])
            #expect(try await top.supervisor(named: "beside").child(named: "b").processID == beside)
            #expect(try await top.counts().supervisors == 2)
        }
    }

    // OTP: count_restarting_children, hanging_restart_loop
    @Test func `a child that waits for its restart is counted as such, and can be stopped`() async throws {
        try await withTestSystem { test in
            let tree = Supervisor(
                "top", backoff: Backoff(initial: .seconds(1_000), maximum: .seconds(1_000), jitter: 0)
            ) {
                Child(Echo.self, named: "a")
                Child(Echo.self, named: "b")
            }
            let top = try await test.system.start(tree)
            let a = try await test.system.find(Echo.self, named: "a")
            try await test.kill(a)
            try await a.nothing()
            try await test.kill(a)
            let counts = try await top.counts()
            #expect(counts.specified == 2 && counts.active == 1 && counts.restarting == 1)
            #expect(try await top.child(named: "a").state == .restarting)
            #expect(await code { try await top.restartChild(named: "a") } == .isRestarting)
            #expect(await code { try await top.deleteChild(named: "a") } == .isRestarting)
            try await top.stopChild(named: "a")
            #expect(try await top.child(named: "a").state == .absent)
            try await top.restartChild(named: "a")
            try await test.system.find(Echo.self, named: "a").nothing()
            #expect(try await top.counts().restarting == 0)
        }
    }

    // OTP: count_children, which_children_simple_one_for_one, simple_one_for_one_scale_many_temporary_children
    @Test func `many dynamic children are started, counted, killed and stopped`() async throws {
        try await withTestSystem { test in
            let tree = Supervisor("top") {
                DynamicSupervisor("pool", of: Counter.self, childRestart: .temporary)
            }
            let top = try await test.system.start(tree)
            let pool = try await top.dynamicSupervisor(of: Counter.self, named: "pool")
            let counters = try await withThrowingTaskGroup(of: Counter.self) { group in
                for number in 0..<60 { group.addTask { try await pool.start(.init(start: number)) } }
                return try await group.reduce(into: [Counter]()) { $0.append($1) }
            }
            let children = try await pool.children()
            #expect(children.count == 60 && Set(children.compactMap(\.processID)).count == 60)
            #expect(children.allSatisfy { $0.typeName == "Counter" && $0.state == .running })
            #expect(try await pool.counts().actors == 60)
            for counter in counters.prefix(10) { try await test.kill(counter) }
            for counter in counters.dropFirst(10).prefix(10) { try await pool.stopChild(counter) }
            #expect(try await pool.counts().specified == 40)
            try await top.stop()
            #expect(try await test.system.processes().isEmpty)
        }
    }

    // OTP: count_children_supervisor, which_children, get_callback_module
    @Test func `children are listed with what they are`() async throws {
        try await withTestSystem { test in
            let tree = Supervisor("top") {
                Child(Echo.self, named: "a", restart: .transient)
                for number in 1...3 { Supervisor("s\(number)") { Child(Echo.self, named: "x\(number)") } }
            }
            let top = try await test.system.start(tree)
            let children = try await top.children()
            #expect(children.map(\.name) == ["a", "s1", "s2", "s3"])
            #expect(children.map(\.typeName) == ["Echo", "", "", ""])
            #expect(children.map(\.restart) == [.transient, .permanent, .permanent, .permanent])
            let counts = try await top.counts()
            #expect(
                counts.specified == 4 && counts.active == 4 && counts.supervisors == 3 && counts.actors == 1)
            #expect(try await top.child(named: "s2").isSupervisor)
            #expect(await code { _ = try await top.child(named: "nobody") } == .noSuchChild)
            try await top.stopChild(named: "s2")
            #expect(try await top.counts().active == 3)
            #expect(await code { _ = try await top.supervisor(named: "s2").children() } == .noSuchSupervisor)
            try await top.deleteChild(named: "s2")
            #expect(try await top.children().map(\.name) == ["a", "s1", "s3"])
        }
    }

    // OTP: do_not_save_start_parameters_for_temporary_children, simple_one_for_one_corruption
    @Test(arguments: [Restart.permanent, .temporary])
    func `the arguments of a temporary child are not kept once it runs`(restart: Restart) async throws {
        try await withTestSystem { test in
            let tree = Supervisor("top") {
                DynamicSupervisor("pool", of: Counter.self, childRestart: restart)
            }
            let top = try await test.system.start(tree)
            let pool = try await top.dynamicSupervisor(of: Counter.self, named: "pool")
            try await top.startChild(Child(Counter.self, named: "fixed", .init(start: 1), restart: restart))
            try await test.kill(try await pool.start(.init(start: 1)))
            let large = try await pool.start(.init(start: .max))
            _ = try await large.processID()
            for path in ["top", "top/pool"] {
                let kept = try await keptArguments(path, test)
                #expect((kept == 0) == (restart == .temporary), "\(path): \(kept)")
            }
        }
    }

    /// The bytes of arguments that a supervisor in the node keeps.
    private func keptArguments(_ path: String, _ test: TestSystem) async throws -> Int {
        let node = try #require(test.system.node)
        return try await node.onLoop { node, done in
            let supervisor = node.supervisorPaths[path].flatMap { node.supervisors[$0] }
            let entries = supervisor.map { Array($0.entries.values) } ?? []
            let kept = entries.map { entry in
                var count = entry.actor?.arguments.count ?? 0
                if case .actor(let actor) = entry.specification.kind { count += actor.arguments.count }
                return count
            }
            done(.success(kept.reduce(0, +)))
        }
    }

    // OTP: simple_global_supervisor
    @Test func `a named actor and its supervisor are found again by their names, however they ended`()
        async throws
    {
        try await withTestSystem { test in
            let tree = Supervisor("top", strategy: .oneForAll, backoff: .none) {
                Supervisor("middle", strategy: .oneForAll, intensity: .init(restarts: 2), backoff: .none) {
                    Child(Echo.self, named: "server")
                }
            }
            let top = try await test.system.start(tree)
            let middle = top.supervisor(named: "middle")
            var seen: Set<Int32> = []
            func look() async throws {
                let server = try await test.system.find(Echo.self, named: "server")
                #expect(seen.insert(try await server.processID()).inserted)
            }
            try await look()
            try await test.kill(test.system.find(Echo.self, named: "server"))
            try await look()
            try await test.system.find(Echo.self, named: "server").stopYourself()
            try await test.events.wait(for: "its successor", count: 2) {
                $0.actor == "server" && $0.kind == .restarted
            }
            try await look()
            try await middle.stopChild(named: "server")
            try await middle.restartChild(named: "server")
            try await look()
            // A supervisor is no process; it ends by giving up.
            try await test.kill(test.system.find(Echo.self, named: "server"))
            try await test.events.wait(for: "that of its supervisor", count: 3) {
                $0.actor == "server" && $0.kind == .ready
            }
            try await look()
            #expect(try await top.child(named: "middle").restarts == 1)
            #expect(try await middle.counts().active == 1)
        }
    }
}
