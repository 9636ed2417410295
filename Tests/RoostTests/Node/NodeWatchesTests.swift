import Distributed
import Glibc
import RoostTesting
import Testing

@testable import Roost

@Suite struct NodeWatchesTests {
    private func onNode<T: Sendable>(
        _ test: TestSystem, _ look: @escaping @Sendable (Node) -> T
    ) async throws -> T {
        let node = try #require(test.system.node)
        return try await node.onLoop { node, done in done(.success(look(node))) }
    }

    @Test func `the watches of a process end with it`() async throws {
        try await withTestSystem { test in
            let counter = try await test.spawn(Counter.self, named: "watched", .init(start: 0))
            let relay = try await test.spawn(Relay.self, named: "watcher")
            for _ in 1...3 {
                let signal = Signal(actorSystem: test.system)
                let waiting = Task { try await relay.endOf(counter, signal) }
                try await signal.waitFor("watching")
                #expect(try await onNode(test) { $0.watched.count } == 1)
                try await test.kill(relay)
                await #expect(throws: RemoteCallError.self) { try await waiting.value }
                let left = try await onNode(test) { node in
                    node.watched.count + node.processes.values.reduce(0) { $0 + $1.watchers.count }
                }
                #expect(left == 0)
            }
        }
    }

    @Test func `a watch is cancelled, or told, and leaves nothing`() async throws {
        try await withTestSystem { test in
            let counter = try await test.spawn(Counter.self, named: "watched", .init(start: 0))
            let cancelled = try await test.system.watch(counter)
            let told = try await test.system.watch(counter)
            cancelled.cancel()
            try await test.kill(counter)
            #expect(try await told.value == .killed(by: .user))
            #expect(try await onNode(test) { $0.watched.isEmpty })
        }
    }

    /// An actor whose next incarnation is being forked by a zygote that does not answer.
    private func stuckInFork(_ test: TestSystem) async throws -> (Counter, zygote: Int32) {
        let counter = try await test.spawn(Counter.self, named: "stuck", .init(start: 0))
        let zygote = try #require(try await test.system.zygoteProcessID())
        Processes.signal(zygote, SIGSTOP)
        try await test.kill(counter)
        return (counter, zygote)
    }

    @Test func `whoever watches a process whose fork is lost is told of the end of the one in its place`()
        async throws
    {
        try await withTestSystem { test in
            let (counter, zygote) = try await stuckInFork(test)
            let watch = try await test.system.watch(counter)
            Processes.signal(zygote, SIGKILL)
            #expect(try await counter.add(1) == 1)
            try await test.kill(counter)
            #expect(try await watch.value == .killed(by: .user))
        }
    }

    @Test func `a process that was killed before it was forked is not forked again as if nothing had been`()
        async throws
    {
        try await withTestSystem { test in
            let (counter, zygote) = try await stuckInFork(test)
            let watch = try await test.system.watch(counter)
            async let killed: Void = test.kill(counter)
            while try await !onNode(test, { $0.processes.values.contains { $0.killer == .user } }) {
                await Task.yield()
            }
            Processes.signal(zygote, SIGKILL)
            try await killed
            #expect(try await watch.value == .killed(by: .user))
            #expect(try await counter.add(1) == 1)
        }
    }
}
