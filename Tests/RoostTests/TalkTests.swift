import Distributed
import Glibc
import RoostTesting
import Testing

@Suite struct TalkTests {
    @Test func `values of every kind arrive and return as they were`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self, named: "echo")
            #expect(try await echo.echo([1, 2, 3]) == [1, 2, 3])
            #expect(try await echo.text("ab", times: 3) == "ababab")
            let point = Point(x: -0.0, y: .infinity, label: nil)
            #expect(try await echo.point(point) == point)
            let shape = Shape.polygon([point, Point(x: 1, y: 2, label: "corner")])
            #expect(try await echo.shape(shape) == shape)
            #expect(try await echo.shape(.nothing) == .nothing)
            try await echo.nothing()
            #expect(try await echo.size == 0)
            #expect(try await echo.generic("a", "b") == ["b", "a"])
            #expect(try await echo.generic(1, 2) == [2, 1])
        }
    }

    @Test func `an actor is a process of its own and a child of the node`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self)
            #expect(try await echo.processID() != getpid())
            #expect(try await echo.parentID() == getpid())
        }
    }

    @Test func `generic actors are rebuilt with their types`() async throws {
        try await withTestSystem { test in
            let cell = try await test.spawn(Cell<[String: Int]>.self, ["a": 1])
            #expect(try await cell.get() == ["a": 1])
            try await cell.set(["b": 2])
            #expect(try await cell.get() == ["b": 2])
            let other = try await test.spawn(Cell<Shape>.self, .circle(radius: 2))
            #expect(try await other.get() == .circle(radius: 2))
        }
    }

    @Test func `a generic method on a generic actor works, or says that it cannot`() async throws {
        try await withTestSystem { test in
            let cell = try await test.spawn(Cell<Int>.self, 5)
            do {
                let pair = try await cell.pair("five")
                #expect(pair.first == 5 && pair.second == "five")
            } catch let error as RemoteCallError {
                #expect(unsafe getenv("ROOST_PORTABLE") != nil)
                #expect(error.code == .unknownTarget)
            }
            #expect(try await cell.get() == 5)
        }
    }

    @Test func `an error arrives as itself when it is Codable, and described when it is not`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self)
            await #expect(throws: Broken(why: "as asked")) { try await echo.throwsTyped() }
            await #expect(throws: RemoteError(typeName: "Opaque", message: "no Codable here")) {
                try await echo.throwsOpaque()
            }
            await #expect(throws: Broken(why: "typed")) { try await echo.typedThrows(true) }
            #expect(try await echo.typedThrows(false) == 1)
        }
    }

    @Test func `sleeping, the main actor, Dispatch and task groups work in a worker`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self)
            #expect(try await echo.sleep(milliseconds: 3))
            #expect(try await echo.onMainActor())
            #expect(try await echo.onDispatch() == 7)
            #expect(try await echo.inGroup() == 55)
        }
    }

    @Test func `messages of one sender start in the order sent, one at a time`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self)
            for number in 1...20 { try await echo.tell { try await $0.noteSlowly(number) } }
            for number in 21...3_000 { try await echo.tell { try await $0.note(number) } }
            let expected = (1...20).flatMap { [-$0, $0] } + Array(21...3_000)
            #expect(try await echo.notes() == expected)
        }
    }

    @Test func `workers talk to each other directly`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self)
            let relay = try await test.spawn(Relay.self)
            #expect(try await relay.call(echo, 5) == [5])
            try await relay.tellMany(echo, 10..<5_000)
            #expect(try await relay.call(echo, 7) == [5] + Array(10..<5_000) + [7])
            #expect(try await relay.processID(of: echo) == echo.processID())
        }
    }

    @Test func `a call back to a waiting actor is served at once`() async throws {
        try await withTestSystem { test in
            let a = try await test.spawn(Relay.self)
            let b = try await test.spawn(Relay.self)
            #expect(try await a.roundTrip(over: b, depth: 9) == 9)
        }
    }

    @Test func `actors made locally are called back, in the node and in a worker`() async throws {
        try await withTestSystem { test in
            let relay = try await test.spawn(Relay.self)
            let signal = Signal(actorSystem: test.system)
            try await relay.report(to: signal, "hello")
            #expect(try await signal.all() == ["hello"])

            let notebook = try await relay.makeNotebook()
            #expect(try await notebook.write("one") == 1)
            #expect(try await notebook.write("two") == 2)
            #expect(try await notebook.processID() != getpid())
        }
    }

    @Test func `an actor in the same process is reached through its mailbox`() async throws {
        try await withTestSystem { test in
            let signal = Signal(actorSystem: test.system)
            let reference = try Signal.resolve(id: signal.id, using: test.system)
            #expect(reference !== signal)
            try await reference.fire("through the mailbox")
            #expect(try await reference.all() == ["through the mailbox"])
        }
    }

    @Test func `large messages cross whole`() async throws {
        try await withTestSystem { test in
            let echo = try await test.spawn(Echo.self)
            let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            #expect(try await echo.echo(large) == large)
            let relay = try await test.spawn(Relay.self)
            #expect(try await relay.processID(of: echo) > 0)
        }
    }

    @Test func `prepareProcess runs first in the new process`() async throws {
        try await withTestSystem { test in
            let prepared = try await test.spawn(Prepared.self)
            #expect(try await prepared.isPrepared())
            #expect(unsafe getenv("PREPARED") == nil)
        }
    }

    @Test func `a name finds its actor, from the node and from a worker`() async throws {
        try await withTestSystem { test in
            let counter = try await test.spawn(Counter.self, named: "counter", .init(start: 1))
            #expect(try await counter.add(1) == 2)
            #expect(try await test.system.find(Counter.self, named: "counter").add(1) == 3)
            let relay = try await test.spawn(Relay.self)
            #expect(try await relay.find("counter").add(1) == 4)
            let found = try await relay.find("counter")
            #expect(found.id == counter.id)
        }
    }
}
