public import Roost

/// A system under test: the system itself, with its events recorded and real faults to inflict.
public final class TestSystem: Sendable {
    /// The system.
    public let system: ProcessActorSystem
    /// Everything that has happened in the system since it was started.
    public let events: EventRecorder
    /// Draws at random from the test's seed.
    public let random: SeededGenerator

    init(system: ProcessActorSystem, seed: UInt64) {
        self.system = system
        events = EventRecorder(system.events)
        random = SeededGenerator(seed: seed)
    }

    func finish() async throws {
        let zygote = try? await system.zygoteProcessID()
        await system.stop()
        await events.finish()
        var started = Set([zygote].compactMap(\.self))
        for event in events.all {
            guard let processID = event.processID else { continue }
            // The number of one that has ended may be another's by now; a crash may be told after the end.
            switch event.kind {
            case .terminated, .crashed: started.remove(processID)
            default: started.insert(processID)
            }
        }
        let left = started.filter(Processes.isChild)
        if !left.isEmpty { throw LeftoverProcesses(processIDs: left.sorted()) }
    }

    /// Starts an actor with arguments; see ``Roost/ProcessActorSystem``.
    public func spawn<A: ProcessActor>(
        _ type: A.Type, named name: String? = nil, _ arguments: A.Arguments,
        options: SpawnOptions = SpawnOptions()
    ) async throws -> A {
        try await system.spawn(type, named: name, arguments, options: options)
    }

    /// Starts an actor that takes no arguments.
    public func spawn<A: ProcessActor>(
        _ type: A.Type, named name: String? = nil, options: SpawnOptions = SpawnOptions()
    ) async throws -> A where A.Arguments == NoArguments {
        try await system.spawn(type, named: name, options: options)
    }

    /// Kills the actor's process with a real SIGKILL; returns when it is reaped and everybody was told.
    public func kill<A: ProcessActor>(_ actor: A) async throws {
        try await system.kill(actor)
    }

    /// The process id of a live actor, by name.
    public func processID(of name: String) async throws -> Int32? {
        try await system.processes().first { $0.actor == name }?.processID
    }
}
