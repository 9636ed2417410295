import Distributed
import Glibc
import RoostTesting
import Testing

@Suite struct SpawnTests {
    /// The error a spawn throws, whatever it spawns.
    private func error(_ body: () async throws -> Void) async -> SpawnError? {
        await caught(body)
    }

    @Test func `a name that is taken is refused with its holder`() async throws {
        try await withTestSystem { test in
            let first = try await test.spawn(Echo.self, named: "e")
            let error = await error { _ = try await test.spawn(Echo.self, named: "e") }
            #expect(error?.code == .nameTaken)
            #expect(error?.message.contains("Echo, process \(try await first.processID())") == true)
        }
    }

    @Test func `a name is free again when its actor has been stopped`() async throws {
        try await withTestSystem { test in
            let first = try await test.spawn(Counter.self, named: "c", .init(start: 0))
            try await test.system.stop(first)
            let second = try await test.spawn(Counter.self, named: "c", .init(start: 5))
            #expect(try await second.add(1) == 6)
            await #expect { try await first.add(1) } throws: { ($0 as? RemoteCallError)?.code == .terminated }
        }
    }

    @Test func `a type that no other process can find by name is refused`() async throws {
        distributed actor Hidden: ProcessActor {
            distributed func anything() {}
        }
        try await withTestSystem { test in
            let error = await error { _ = try await test.spawn(Hidden.self, named: "hidden") }
            #expect(error?.code == .typeNotRebuildable)
            #expect(error?.actor == "hidden" && error?.typeName == "Hidden")
        }
    }

    @Test func `an initialiser that throws fails the start with its error`() async throws {
        try await withTestSystem { test in
            let error = await error { _ = try await test.spawn(ThrowsInInit.self, named: "t") }
            #expect(error?.code == .initializerThrew)
            #expect(error?.message.contains("in the initialiser") == true)
            let other = await self.error { _ = try await test.spawn(Unpreparable.self, named: "t") }
            #expect(other?.message.contains("in prepareProcess") == true)
        }
    }

    @Test func `an initialiser that never returns is ended at the start limit`() async throws {
        try await withTestSystem { test in
            let options = SpawnOptions(startLimit: .milliseconds(200))
            let error = await error {
                _ = try await test.spawn(NeverReady.self, named: "n", options: options)
            }
            #expect(error?.code == .timedOut)
            #expect(error?.exitReason == .killed(by: .startTimeout))
        }
    }

    @Test func `a process that dies while starting fails the start with its reason`() async throws {
        try await withTestSystem { test in
            let error = await error { _ = try await test.spawn(DiesInInit.self, named: "d") }
            #expect(error?.code == .died)
            #expect(error?.exitReason == .crashed(signal: SIGKILL))
        }
    }

    @Test func `arguments that cannot be encoded are refused before anything is started`() async throws {
        try await withTestSystem { test in
            let error = await error {
                _ = try await test.spawn(PickyArguments.self, named: "p", Unencodable())
            }
            #expect(error?.code == .invalidArguments)
            #expect(error?.message.contains("cannot be encoded") == true)
        }
    }

    @Test func `finding says whether the name or the type is wrong`() async throws {
        try await withTestSystem { test in
            _ = try await test.spawn(Echo.self, named: "e")
            let missing = await error { _ = try await test.system.find(Echo.self, named: "nobody") }
            #expect(missing?.code == .notFound)
            let wrong = await error { _ = try await test.system.find(Counter.self, named: "e") }
            #expect(wrong?.code == .wrongType)
            #expect(wrong?.message.contains("Echo") == true)
        }
    }

    @Test func `a system that has been stopped starts nothing`() async throws {
        let system = try await ProcessActorSystem.start()
        await system.stop()
        let error = await error { _ = try await system.spawn(Echo.self) }
        #expect(error?.code == .systemStopped)
        await system.stop()
    }

    @Test(arguments: [SystemOptions.SpawnMethod.exec, .inProcess])
    func `actors run the same way when they are not forked`(method: SystemOptions.SpawnMethod) async throws {
        var options = SystemOptions()
        options.spawnMethod = method
        try await withTestSystem(options: options) { test in
            let counter = try await test.spawn(Counter.self, named: "c", .init(start: 1))
            #expect(try await counter.add(1) == 2)
            #expect((try await counter.processID() == getpid()) == (method == .inProcess))
            try await test.kill(counter)
            #expect(try await counter.add(1) == 2)
            let relay = try await test.spawn(Relay.self)
            #expect(try await relay.find("c").add(1) == 3)
        }
    }

    @Test func `two hundred actors are alive at once, each in its own process`() async throws {
        try await withTestSystem { test in
            let actors = try await withThrowingTaskGroup(of: Echo.self) { group in
                for number in 0..<200 {
                    group.addTask { try await test.spawn(Echo.self, named: "e\(number)") }
                }
                return try await group.reduce(into: [Echo]()) { $0.append($1) }
            }
            var seen: Set<Int32> = [getpid()]
            for actor in actors { seen.insert(try await actor.processID()) }
            #expect(seen.count == 201)
        }
    }
}
