import Distributed
import Testing

@testable import Roost
@testable import RoostTesting

@Suite struct GroupChangesTests {
    private func take<Member>(_ count: Int, of changes: AsyncStream<GroupChange<Member>>) async -> [String] {
        var taken: [String] = []
        for await change in changes {
            taken.append(change.description)
            if taken.count == count { break }
        }
        return taken
    }

    private static let expected = [
        "present: a", "b joined", "a left", "a joined", "b was shut down", "a was killed (user)",
    ]

    @Test(arguments: [SystemOptions.SpawnMethod.zygote, .exec, .inProcess])
    func `changes are told in order, the present members first, in the node and in a worker`(
        _ method: SystemOptions.SpawnMethod
    ) async throws {
        var options = SystemOptions()
        options.spawnMethod = method
        try await withTestSystem(options: options) { test in
            let group = test.system.group(of: Echo.self, named: "echoes")
            let clerk = try await test.spawn(Clerk.self)
            let signal = Signal(actorSystem: test.system)
            let a = try await test.spawn(
                Echo.self, named: "a", options: SpawnOptions(intensity: .init(restarts: 1)))
            let b = try await test.spawn(Echo.self, named: "b")
            try await group.join(a)
            let changes = group.changes
            async let toldThere = clerk.follow(group, until: Self.expected.count, signal)
            try await signal.waitFor("following")
            try await group.join(b)
            try await group.join(b)
            try await group.leave(a)
            // A restart is no change.
            try await test.kill(a)
            try await a.nothing()
            try await group.join(a)
            try await test.system.stop(b)
            try await test.kill(a)
            #expect(await take(Self.expected.count, of: changes) == Self.expected)
            let copy = try await toldThere
            #expect(copy == Self.expected)
        }
    }

    @Test func `groups are used from workers as from the node`() async throws {
        try await withTestSystem { test in
            let group = test.system.group(of: Echo.self, named: "echoes")
            let clerk = try await test.spawn(Clerk.self, named: "clerk")
            let a = try await test.spawn(Echo.self, named: "a")
            let b = try await test.spawn(Echo.self, named: "b")
            try await clerk.join(a, to: group)
            try await clerk.join(b, to: group)
            #expect(try await group.members() == [a, b])
            #expect(try await clerk.members(of: group) == [a, b])
            #expect(try await clerk.tell(group, 1) == 2)
            try await clerk.leave(a, group)
            #expect(try await clerk.tell(group, 2) == 1)
            #expect(try await a.notes() == [1])
            #expect(try await b.notes() == [1, 2])
            try await clerk.joinYourself(to: "clerks")
            #expect(try await test.system.group(of: Clerk.self, named: "clerks").members() == [clerk])
            // Who had them join does not matter: they stay when that process dies.
            try await test.kill(clerk)
            #expect(try await group.members() == [b])
        }
    }

    @Test func `an actor made locally is a member until it is no more, or its process has ended`()
        async throws
    {
        try await withTestSystem { test in
            let group = test.system.group(of: Notebook.self, named: "notebooks")
            var changes = group.changes.makeAsyncIterator()
            func next() async -> String? { await changes.next(isolation: nil)?.description }
            #expect(await next() == "present: ")
            let clerk = try await test.spawn(Clerk.self, named: "clerk")
            let first = try await clerk.makeMember(of: group)
            let second = try await clerk.makeNotebook()
            // Joined by somebody else than the process that made it.
            try await group.join(second)
            var own: Notebook? = Notebook(actorSystem: test.system)
            let third = try Notebook.resolve(id: try #require(own).id, using: test.system)
            try await group.join(third)
            for notebook in [first, second, third] {
                #expect(await next() == "\(notebook.id.name) joined")
            }
            #expect(try await group.tell { _ = try await $0.write("line") } == 3)
            #expect(try await second.write("more") == 2)
            try await clerk.letGo()
            #expect(await next() == "\(first.id.name) \(GroupDeparture.ended(.normal))")
            withExtendedLifetime(own) {}
            own = nil
            #expect(await next() == "\(third.id.name) \(GroupDeparture.ended(.normal))")
            try await test.kill(clerk)
            #expect(try await group.members() == [])
            #expect(await next() == "\(second.id.name) \(GroupDeparture.ended(.killed(by: .user)))")
            await #expect(throws: GroupError.self) { try await group.join(second) }
        }
    }

    @Test func `an actor that is no more when it joins leaves at once`() async throws {
        try await withTestSystem { test in
            let group = test.system.group(of: Notebook.self, named: "notebooks")
            var changes = group.changes.makeAsyncIterator()
            func next() async -> String? { await changes.next(isolation: nil)?.description }
            #expect(await next() == "present: ")
            let clerk = try await test.spawn(Clerk.self)
            let gone = try await clerk.makeNotebook()
            try await clerk.letGo()
            try await group.join(gone)
            #expect(await next() == "\(gone.id.name) joined")
            #expect(await next() == "\(gone.id.name) \(GroupDeparture.ended(.normal))")
        }
    }

    @Test func `the changes of a group end with the system`() async throws {
        let changes = try await withTestSystem { test in
            let group = test.system.group(of: Echo.self, named: "echoes")
            try await group.join(try await test.spawn(Echo.self, named: "a"))
            return group.changes
        }
        #expect(await take(3, of: changes) == ["present: a", "a was shut down"])
    }

    @Test func `a reader too far behind finds the end of the changes`() async throws {
        try await withTestSystem { test in
            let group = test.system.group(of: Notebook.self, named: "notebooks")
            let changes = group.changes
            let notebook = Notebook(actorSystem: test.system)
            for _ in 1...2_100 {
                try await group.join(notebook)
                try await group.leave(notebook)
            }
            #expect(await take(5_000, of: changes).count == 4_096)
            #expect(await take(1, of: group.changes) == ["present: "])
        }
    }

    @Test func `whoever stops reading changes is not told any more, and neither is a process that died`()
        async throws
    {
        try await withTestSystem { test in
            let node = try #require(test.system.node)
            func followers() async throws -> Int {
                try await node.onLoop { node, done in
                    done(.success(node.groupFollowers.values.joined().count))
                }
            }
            let group = test.system.group(of: Echo.self, named: "echoes")
            let changes = group.changes
            #expect(try await followers() == 1)
            let reading = Task { for await _ in changes {} }
            reading.cancel()
            await reading.value
            #expect(try await followers() == 0)

            let clerk = try await test.spawn(Clerk.self)
            let signal = Signal(actorSystem: test.system)
            let interrupted = Task { try await clerk.follow(group, until: 9, signal) }
            try await signal.waitFor("following")
            #expect(try await followers() == 1)
            try await test.kill(clerk)
            #expect(try await followers() == 0)
            await #expect(throws: RemoteCallError.self) { try await interrupted.value }
        }
    }
}
