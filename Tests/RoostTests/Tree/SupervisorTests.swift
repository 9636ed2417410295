import Distributed
import Glibc
import RoostTesting
import Testing

/// Trees of real processes.
@Suite struct SupervisorTests {
    private func tree(_ strategy: SupervisorStrategy, restarts: Int = 10) -> Supervisor {
        Supervisor(
            "shop", strategy: strategy, intensity: .init(restarts: restarts, within: .seconds(60)),
            backoff: .none
        ) {
            for name in ["a", "b", "c"] { Child(Echo.self, named: name) }
        }
    }

    private func processIDs(_ supervisor: SupervisorReference) async throws -> [String: Int32] {
        var found: [String: Int32] = [:]
        for child in try await supervisor.children() { found[child.name] = child.processID }
        return found
    }

    /// The actors with an event of this kind, in order.
    private func order(_ test: TestSystem, _ kind: SystemEvent.Kind) -> [String] {
        test.events.all.filter { $0.kind == kind }.map(\.actor)
    }

    private func error(_ body: () async throws -> Void) async -> SupervisorError? {
        await caught(body)
    }

    // OTP: sup_start_normal, sup_stop_infinity, order_of_children
    @Test func `children start in order, each when the one before is ready, and stop in reverse`()
        async throws
    {
        try await withTestSystem { test in
            let shop = try await test.system.start(tree(.oneForOne))
            let children = try await shop.children()
            #expect(children.map(\.name) == ["a", "b", "c"])
            #expect(children.allSatisfy { $0.state == .running && $0.processID != nil && $0.restarts == 0 })
            try await shop.stop()
            try await test.events.wait(for: "all ends", count: 3) { $0.kind == .terminated(.shutdown) }
            let steps = test.events.all.filter { [.spawned, .ready].contains($0.kind) }
            #expect(steps.map(\.actor) == ["a", "a", "b", "b", "c", "c"])
            #expect(order(test, .terminated(.shutdown)) == ["c", "b", "a"])
            #expect(await error { _ = try await shop.children() }?.code == .noSuchSupervisor)
            try await shop.stop()
        }
    }

    // OTP: one_for_one, one_for_all, rest_for_one
    @Test(arguments: SupervisorStrategy.allCases)
    func `a strategy says who is restarted when a child is killed`(strategy: SupervisorStrategy) async throws
    {
        try await withTestSystem { test in
            let shop = try await test.system.start(tree(strategy))
            let before = try await processIDs(shop)
            let b = try await test.system.find(Echo.self, named: "b")
            try await test.kill(b)
            let expected: [String] =
                switch strategy {
                case .oneForOne: ["b"]
                case .oneForAll: ["a", "b", "c"]
                case .restForOne: ["b", "c"]
                }
            try await test.events.wait(for: "restarts", count: expected.count) { $0.kind == .restarted }
            #expect(order(test, .restarted) == expected)
            let after = try await processIDs(shop)
            #expect(Set(after.keys) == ["a", "b", "c"])
            for name in ["a", "b", "c"] {
                #expect((after[name] != before[name]) == expected.contains(name), "\(name)")
            }
            // The others were stopped in reverse, and references are valid for all incarnations.
            #expect(order(test, .terminated(.shutdown)) == expected.filter { $0 != "b" }.reversed())
            #expect(try await b.processID() == after["b"])
        }
    }

    // OTP: one_for_one_escalation
    @Test func `a supervisor that restarts too often gives up, and the one above restarts it`() async throws {
        try await withTestSystem { test in
            let tree = Supervisor("top", backoff: .none) {
                Child(Echo.self, named: "bystander")
                Supervisor("below", intensity: .init(restarts: 1, within: .seconds(60)), backoff: .none) {
                    Child(Echo.self, named: "x")
                    Child(Echo.self, named: "y")
                }
            }
            let top = try await test.system.start(tree)
            let bystander = try await processIDs(top)["bystander"]
            let x = try await test.system.find(Echo.self, named: "x")
            try await test.kill(x)
            try await x.nothing()
            try await test.kill(x)
            try await test.events.wait(for: "giving up") {
                if case .gaveUp = $0.kind { $0.actor == "top/below" } else { false }
            }
            // Both of its children are new actors now.
            try await test.events.wait(for: "both again", count: 4) {
                $0.kind == .ready && ["x", "y"].contains($0.actor)
            }
            let again = try await test.system.find(Echo.self, named: "x")
            try await again.nothing()
            #expect(try await processIDs(top)["bystander"] == bystander)
            #expect(try await top.child(named: "below").restarts == 1)
            #expect(try await top.supervisor(named: "below").counts().active == 2)
        }
    }

    // OTP: one_for_all_escalation
    @Test func `a tree that gives up ends as a whole and says why`() async throws {
        try await withTestSystem { test in
            let shop = try await test.system.start(tree(.oneForAll, restarts: 0))
            async let end = shop.untilEnded()
            let b = try await test.system.find(Echo.self, named: "b")
            try await test.kill(b)
            guard case .failed(let why) = try await end else {
                Issue.record("it did not fail")
                return
            }
            #expect(why.typeName == "RestartIntensityExceeded")
            #expect(await error { _ = try await shop.counts() }?.code == .noSuchSupervisor)
            #expect(try await test.system.processes().isEmpty)
        }
    }

    // OTP: sup_start_fail, faulty_application_shutdown
    @Test func `a start that fails leaves nothing behind and surfaces its cause`() async throws {
        try await withTestSystem { test in
            let tree = Supervisor("shop") {
                Child(Echo.self, named: "a")
                Supervisor("below") {
                    Child(Echo.self, named: "b")
                    Child(ThrowsInInit.self, named: "bad")
                    Child(Echo.self, named: "never")
                }
            }
            let failure = await error { _ = try await test.system.start(tree) }
            #expect(failure?.code == .startFailed && failure?.supervisor == "shop")
            #expect(failure?.cause?.code == .initializerThrew && failure?.cause?.actor == "bad")
            #expect(failure?.message.contains("in the initialiser") == true)
            #expect(try await test.system.processes().isEmpty)
            #expect(order(test, .terminated(.shutdown)) == ["b", "a"])
            #expect(!test.events.all.contains { $0.actor == "never" })
            // The names are free again.
            _ = try await test.spawn(Echo.self, named: "a")
        }
    }

    // OTP: sup_start_ignore_child, sup_start_ignore_temporary_child
    @Test func `a child that is not needed is no failure`() async throws {
        try await withTestSystem { test in
            let tree = Supervisor("shop") {
                Child(NotNeeded.self, named: "kept")
                Child(NotNeeded.self, named: "temporary", restart: .temporary)
                Child(Echo.self, named: "a")
            }
            let shop = try await test.system.start(tree)
            let children = try await shop.children()
            #expect(children.map(\.name) == ["kept", "a"])
            #expect(children.map(\.state) == [.absent, .running])
            #expect(
                await error { try await shop.startChild(Child(NotNeeded.self, named: "n")) }?.code == .ignored
            )
            #expect(try await shop.child(named: "n").state == .absent)
        }
    }

    // OTP: child_adm, extra_return
    @Test func `children are added, stopped, restarted and deleted at run time`() async throws {
        try await withTestSystem { test in
            let shop = try await test.system.start(tree(.oneForOne))
            let extra = try await shop.startChild(Child(Counter.self, named: "extra", .init(start: 5)))
            #expect(try await extra.add(1) == 6)
            #expect(
                await error { try await shop.startChild(Child(Echo.self, named: "extra")) }?.code
                    == .alreadyStarted)
            #expect(await error { try await shop.restartChild(named: "extra") }?.code == .isRunning)
            #expect(await error { try await shop.deleteChild(named: "extra") }?.code == .isRunning)
            #expect(await error { try await shop.stopChild(named: "nobody") }?.code == .noSuchChild)
            try await shop.stopChild(named: "extra")
            #expect(try await shop.child(named: "extra").state == .absent)
            #expect(
                await error { try await shop.startChild(Child(Echo.self, named: "extra")) }?.code
                    == .alreadySpecified)
            try await shop.restartChild(named: "extra")
            let again = try await test.system.find(Counter.self, named: "extra")
            #expect(try await again.add(1) == 6)
            try await shop.stopChild(named: "extra")
            try await shop.deleteChild(named: "extra")
            #expect(await error { try await shop.deleteChild(named: "extra") }?.code == .noSuchChild)
            #expect(try await shop.counts().specified == 3)
            let below = try await shop.startChild(Supervisor("below") { Child(Echo.self, named: "deep") })
            #expect(below.path == "shop/below")
            #expect(try await below.counts().active == 1)
            #expect(try await shop.counts().supervisors == 1)
        }
    }

    // OTP: already_started_outside_supervisor
    @Test func `a name that is held outside is said with its holder`() async throws {
        try await withTestSystem { test in
            _ = try await test.spawn(Echo.self, named: "b")
            let failure = await error { _ = try await test.system.start(tree(.oneForOne)) }
            #expect(failure?.code == .startFailed && failure?.cause?.code == .nameTaken)
            #expect(failure?.message.contains("Echo") == true)
        }
    }

    @Test func `stopping an actor of a tree is its supervisor's work`() async throws {
        try await withTestSystem { test in
            let shop = try await test.system.start(tree(.oneForAll))
            let b = try await test.system.find(Echo.self, named: "b")
            try await test.system.stop(b)
            #expect(try await shop.child(named: "b").state == .absent)
            #expect(try await shop.counts().active == 2)
            #expect(order(test, .restarted) == [])
        }
    }

    // OTP: child_adm_simple, simple_one_for_one_extra
    @Test func `children of a dynamic supervisor are started with arguments and forgotten at their end`()
        async throws
    {
        try await withTestSystem { test in
            let tree = Supervisor("shop") {
                DynamicSupervisor("counters", of: Counter.self, childRestart: .transient, backoff: .none)
            }
            let shop = try await test.system.start(tree)
            let counters = try await shop.dynamicSupervisor(of: Counter.self, named: "counters")
            var started: [Counter] = []
            for number in 0..<10 { started.append(try await counters.start(.init(start: number))) }
            for (number, counter) in started.enumerated() { #expect(try await counter.add(1) == number + 1) }
            // Killed: it comes back with its own arguments.
            try await test.kill(started[3])
            #expect(try await started[3].add(1) == 4)
            try await counters.stopChild(started[4])
            #expect(try await counters.counts().specified == 9)
            let wrong = await error { _ = try await shop.dynamicSupervisor(of: Echo.self, named: "counters") }
            #expect(wrong?.code == .wrongKind)
            let fixed = await error {
                try await shop.supervisor(named: "counters").startChild(Child(Echo.self, named: "e"))
            }
            #expect(fixed?.code == .wrongKind)
        }
    }

    @Test func `the report of a crash names the supervisors above and what they decided`() async throws {
        try await withTestSystem { test in
            let tree = Supervisor("top") {
                Supervisor("below", intensity: .init(restarts: 1, within: .seconds(60)), restart: .temporary)
                {
                    Child(Echo.self, named: "x")
                }
            }
            _ = try await test.system.start(tree)
            let x = try await test.system.find(Echo.self, named: "x")
            try await test.kill(x)
            try await x.nothing()
            try await test.kill(x)
            try await test.events.wait(for: "both reports", count: 2) {
                if case .crashed = $0.kind { true } else { false }
            }
            let reports = test.events.all.compactMap { event in
                if case .crashed(let report) = event.kind { report } else { nil }
            }
            #expect(reports.map(\.supervisorPath) == [["top", "below"], ["top", "below"]])
            #expect(reports.map(\.decision) == [.restart(after: .zero), .gaveUp])
        }
    }

    // OTP: child_unlink
    @Test func `a slow start delays nothing but its later siblings`() async throws {
        try await withTestSystem { test in
            let shop = try await test.system.start(tree(.oneForOne))
            let slow = Task { try await shop.startChild(Child(NeverReady.self, named: "slow")) }
            try await test.events.wait(for: "its process") { $0.actor == "slow" && $0.kind == .spawned }
            // Meanwhile everything else goes on.
            let b = try await test.system.find(Echo.self, named: "b")
            try await test.kill(b)
            try await b.nothing()
            try await shop.startChild(Child(Echo.self, named: "quick"))
            #expect(try await shop.child(named: "slow").state == .starting)
            try await shop.stopChild(named: "slow")
            await #expect(throws: SupervisorError.self) { _ = try await slow.value }
            #expect(try await shop.counts().specified == 4)
        }
    }

    // OTP: significant_transient
    @Test func `significant children shut their supervisor down`() async throws {
        try await withTestSystem { test in
            let tree = Supervisor("shop", autoShutdown: .anySignificant) {
                Child(Echo.self, named: "main", restart: .transient, isSignificant: true)
                Child(Echo.self, named: "helper")
            }
            let shop = try await test.system.start(tree)
            async let end = shop.untilEnded()
            try await test.system.find(Echo.self, named: "main").stopYourself()
            #expect(try await end == .shutdown)
            #expect(try await test.system.processes().isEmpty)
        }
    }

    // OTP: sup_start_error_return, sup_start_map_faulty_specs
    @Test func `what cannot work is said before anything is started`() async throws {
        try await withTestSystem { test in
            let tree = Supervisor("shop", autoShutdown: .allSignificant) {
                Child(Echo.self, named: "a")
                Child(Echo.self, named: "a")
                Child(Echo.self, named: "main", isSignificant: true)
                Supervisor("be/low") {
                    Child(Echo.self, named: "main", restart: .transient, isSignificant: true)
                    Child(Echo.self, named: "")
                }
            }
            let failure = await error { _ = try await test.system.start(tree) }
            #expect(failure?.code == .invalidSpecification)
            for part in [
                "two children have the name \"a\"", "a permanent child is always restarted",
                "cannot have a \"/\" in it", "the actor shop/main has the same name",
                "never shuts down automatically", "cannot be empty",
            ] {
                #expect(failure?.message.contains(part) == true, "\(part)")
            }
            #expect(test.events.all.isEmpty)
        }
    }
}
