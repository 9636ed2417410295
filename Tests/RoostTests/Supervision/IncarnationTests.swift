import Distributed
import Testing

@testable import Roost
@testable import RoostTesting

@Suite struct LifecycleTests {
    private func take(_ count: Int, of lives: AsyncStream<Incarnation>) async -> [Incarnation] {
        var taken: [Incarnation] = []
        for await life in lives {
            taken.append(life)
            if taken.count == count { break }
        }
        return taken
    }

    private func phases(_ lives: [Incarnation]) -> [String] {
        lives.map { life in
            switch life.state {
            case .running: "\(life.typeName) \(life.number) runs"
            case .ended(let reason): "\(life.typeName) \(life.number) \(reason)"
            }
        }
    }

    private static let expected = [
        "Counter 1 runs", "Counter 1 was killed (user)", "Counter 2 runs", "Counter 2 was shut down",
        "Echo 1 runs",
    ]

    @Test(arguments: [SystemOptions.SpawnMethod.zygote, .exec, .inProcess])
    func `each life of a name is told twice and in order, also another actor's that has the name later`(
        _ method: SystemOptions.SpawnMethod
    ) async throws {
        var options = SystemOptions()
        options.spawnMethod = method
        try await withTestSystem(options: options) { test in
            let lives = test.system.lifecycle(of: "c")
            let biographer = try await test.spawn(Biographer.self)
            let signal = Signal(actorSystem: test.system)
            async let toldThere = biographer.follow("c", until: 5, signal)
            try await signal.waitFor("following")
            let counter = try await test.spawn(Counter.self, named: "c", .init(start: 0))
            try await test.kill(counter)
            _ = try await counter.add(1)
            try await test.system.stop(counter)
            _ = try await test.spawn(Echo.self, named: "c")
            let told = await take(5, of: lives)
            #expect(phases(told) == Self.expected)
            let copy = try await toldThere
            #expect(copy == told)
            let processes = test.events.all.filter { $0.actor == "c" && $0.kind == .spawned }
            #expect(told.filter { $0.state == .running }.map(\.processID) == processes.map(\.processID))
        }
    }

    @Test func `the present life comes first, and the stream ends with the system`() async throws {
        let lives = try await withTestSystem { test in
            _ = try await test.spawn(Counter.self, named: "c", .init(start: 0))
            return test.system.lifecycle(of: "c")
        }
        var told: [Incarnation] = []
        for await life in lives { told.append(life) }
        #expect(phases(told) == ["Counter 1 runs", "Counter 1 was shut down"])
    }

    @Test func `after the end has been told the name is free`() async throws {
        try await withTestSystem { test in
            let lives = test.system.lifecycle(of: "leaver")
            let options = SpawnOptions(restart: .transient)
            for number in 1...20 {
                let leaver = try await test.spawn(Echo.self, named: "leaver", options: options)
                try await leaver.stopYourself()
                let told = await take(2, of: lives)
                #expect(told.map(\.state) == [.running, .ended(.normal)], "time \(number)")
            }
        }
    }

    @Test func `a life that never began only ends`() async throws {
        try await withTestSystem { test in
            let lives = test.system.lifecycle(of: "failing")
            _ = try? await test.spawn(ThrowsInInit.self, named: "failing")
            let told = await take(1, of: lives)
            guard case .ended(.failed)? = told.first?.state else {
                Issue.record("it was told as \(told)")
                return
            }
        }
    }

    @Test func `whoever stops reading is not told any more, and neither is a process that died`() async throws
    {
        try await withTestSystem { test in
            let node = try #require(test.system.node)
            func followers() async throws -> Int {
                try await node.onLoop { node, done in done(.success(node.followers.values.joined().count)) }
            }
            let lives = test.system.lifecycle(of: "c")
            #expect(try await followers() == 1)
            let reading = Task { for await _ in lives {} }
            reading.cancel()
            await reading.value
            #expect(try await followers() == 0)

            let biographer = try await test.spawn(Biographer.self)
            let signal = Signal(actorSystem: test.system)
            let interrupted = Task { try await biographer.follow("c", until: 2, signal) }
            try await signal.waitFor("following")
            #expect(try await followers() == 1)
            try await test.kill(biographer)
            #expect(try await followers() == 0)
            await #expect(throws: RemoteCallError.self) { try await interrupted.value }
        }
    }
}
