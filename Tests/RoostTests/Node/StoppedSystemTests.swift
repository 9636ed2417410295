import Distributed
import Testing

@testable import Roost
@testable import RoostTesting

@Suite struct StoppedSystemTests {
    /// What must not outlive a system: the node and its workers, with their descriptors.
    private final class Remains {
        weak var system: ProcessActorSystem?
        weak var host: ActorHost?
        weak var node: Node?
        weak var local: Probe?

        var isEmpty: Bool { system == nil && host == nil && node == nil && local == nil }
    }

    private distributed actor Probe {
        typealias ActorSystem = ProcessActorSystem
        distributed func number() -> Int { 7 }
    }

    private func live(_ method: SystemOptions.SpawnMethod) async throws -> Remains {
        let remains = Remains()
        var options = SystemOptions()
        options.spawnMethod = method
        try await withTestSystem(options: options) { test in
            remains.system = test.system
            remains.host = test.system.host
            remains.node = test.system.node
            let counter = try await test.spawn(Counter.self, named: "counter", .init(start: 1))
            #expect(try await counter.add(1) == 2)
            let probe = Probe(actorSystem: test.system)
            remains.local = probe
            let reference = try Probe.resolve(id: probe.id, using: test.system)
            #expect(try await reference.number() == 7)
        }
        return remains
    }

    @Test(arguments: [SystemOptions.SpawnMethod.zygote, .exec, .inProcess])
    func `nothing of a system is left in memory when it has been stopped and nobody refers to it`(
        _ method: SystemOptions.SpawnMethod
    ) async throws {
        let remains = try await live(method)
        // The node's thread lets go of it last, after it has said that it has stopped.
        let end = ContinuousClock.now + .seconds(10)
        while !remains.isEmpty, ContinuousClock.now < end { await Task.yield() }
        #expect(remains.system == nil)
        #expect(remains.host == nil)
        #expect(remains.node == nil)
        #expect(remains.local == nil)
    }
}
