import Distributed
import Glibc
import RoostTesting
import Testing

/// Starts others from its own process.
distributed actor Parent: ProcessActor {
    private var children: [Counter] = []

    distributed func spawnChild(_ name: String, start: Int) async throws -> Counter {
        let child = try await actorSystem.spawn(Counter.self, named: name, .init(start: start))
        children.append(child)
        return child
    }
    distributed func spawnBad() async throws {
        _ = try await actorSystem.spawn(ThrowsInInit.self, named: "bad")
    }
    distributed func stopChildren() async throws {
        for child in children { try await actorSystem.stop(child) }
    }
    distributed func startTree() async throws -> SupervisorReference {
        try await actorSystem.start(Supervisor("own") { Child(Counter.self, named: "deep", .init(start: 1)) })
    }
    distributed func start(in counters: DynamicSupervisorReference<Counter>, _ start: Int) async throws
        -> Counter
    {
        try await counters.start(.init(start: start))
    }
    distributed func processID() -> Int32 { getpid() }
}

@Suite struct SpawningActorsTests {
    @Test func `an actor spawns others, which end with it before its successor starts`() async throws {
        try await withTestSystem { test in
            let parent = try await test.spawn(Parent.self, named: "parent")
            let child = try await parent.spawnChild("child", start: 5)
            #expect(try await child.add(1) == 6)
            let processes = try await test.system.processes()
            #expect(Set(processes.map(\.actor)) == ["parent", "child"])
            try await test.kill(parent)
            // The name is free for the successor.
            let again = try await parent.spawnChild("child", start: 7)
            #expect(try await again.add(1) == 8)
            let error = await #expect(throws: RemoteCallError.self) { try await child.add(1) }
            #expect(error?.code == .terminated)
            let steps = test.events.all.filter { $0.kind == .ready || $0.kind == .restarted }.map(\.actor)
            #expect(steps == ["parent", "child", "parent", "child"])
        }
    }

    @Test func `an actor learns why it could not spawn, and stops what it spawned`() async throws {
        try await withTestSystem { test in
            let parent = try await test.spawn(Parent.self)
            let error = await #expect(throws: SpawnError.self) { try await parent.spawnBad() }
            #expect(error?.code == .initializerThrew)
            let child = try await parent.spawnChild("child", start: 1)
            try await parent.stopChildren()
            await #expect(throws: RemoteCallError.self) { try await child.add(1) }
            #expect(try await test.system.processes().count == 1)
        }
    }

    @Test func `a tree that an actor starts ends with it`() async throws {
        try await withTestSystem { test in
            let parent = try await test.spawn(Parent.self, named: "parent")
            let own = try await parent.startTree()
            #expect(try await own.counts().active == 1)
            try await test.kill(parent)
            let again = try await parent.startTree()
            #expect(try await again.counts().active == 1)
            #expect(try await own.untilEnded() == .shutdown)
        }
    }

    @Test func `an actor starts children of a dynamic supervisor it was given`() async throws {
        try await withTestSystem { test in
            let shop = try await test.system.start(
                Supervisor("shop") { DynamicSupervisor("counters", of: Counter.self) })
            let counters = try await shop.dynamicSupervisor(of: Counter.self, named: "counters")
            let parent = try await test.spawn(Parent.self)
            let counter = try await parent.start(in: counters, 3)
            #expect(try await counter.add(1) == 4)
            // They are the supervisor's, not the actor's.
            try await test.system.stop(parent)
            #expect(try await counter.add(1) == 5)
            #expect(try await counters.counts().active == 1)
        }
    }
}
