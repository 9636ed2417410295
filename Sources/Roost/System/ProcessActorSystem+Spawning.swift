internal import Distributed
internal import RoostPlatform
internal import RoostWire

extension ProcessActorSystem {
    // MARK: Life of the system

    /// Starts a system, with its node in this process.
    ///
    /// - Throws: when the operating system gives no thread, descriptor or process.
    public static func start(_ options: SystemOptions = SystemOptions()) async throws -> ProcessActorSystem {
        let (node, host) = try await Node.start(options)
        return ProcessActorSystem(host: host, node: node, worker: nil)
    }

    /// Starts a system, runs `body` with it, and stops it on the way out, also when `body` throws.
    public nonisolated(nonsending) static func run<Result>(
        _ options: SystemOptions = SystemOptions(),
        _ body: nonisolated(nonsending) (ProcessActorSystem) async throws -> Result
    ) async throws -> Result {
        let system = try await start(options)
        do {
            let result = try await body(system)
            await system.stop()
            return result
        } catch {
            await system.stop()
            throw error
        }
    }

    /// Stops every actor, as ``stop(_:)`` does, and ends the node.
    ///
    /// Calls after this one do nothing.
    public func stop() async {
        guard let node else { return }
        await withCheckedContinuation { continuation in
            let isRunning = node.loop.perform { node.stop { continuation.resume() } }
            if !isRunning { continuation.resume() }
        }
    }

    // MARK: Actors

    /// Starts an actor in a process of its own; returns when its initialiser has finished there.
    ///
    /// The actor is supervised: when it crashes, a new incarnation is started with the same arguments,
    /// and the reference stays valid.
    ///
    /// - Parameters:
    ///   - type: the actor's type, which must not be declared inside a function.
    ///   - name: unique among the actors that are alive; made from the type if nil.
    ///   - arguments: what its initialiser gets, now and at every restart.
    ///   - options: how it is supervised.
    /// - Returns: a reference, valid for all its incarnations.
    /// - Throws: ``SpawnError``; when the initialiser threw, with what it threw in its message.
    public func spawn<A: ProcessActor>(
        _ type: A.Type, named name: String? = nil, _ arguments: A.Arguments,
        options: SpawnOptions = SpawnOptions()
    ) async throws -> A {
        let blueprint = ActorBlueprint(type, arguments)
        let specification = try blueprint.specification(
            named: name, options: options, userInfo: host.userInfo)
        guard case .spawned(let number, let given) = try await ask(.spawn(specification)) else {
            preconditionFailure("an actor was neither spawned nor refused")
        }
        return try reference(.spawned(number), name: given)
    }

    /// Starts an actor that takes no arguments.
    public func spawn<A: ProcessActor>(
        _ type: A.Type, named name: String? = nil, options: SpawnOptions = SpawnOptions()
    ) async throws -> A where A.Arguments == NoArguments {
        try await spawn(type, named: name, NoArguments(), options: options)
    }

    /// The spawned actor with this name.
    ///
    /// - Throws: ``SpawnError`` with `.notFound`, or `.wrongType` when it is another type's.
    public func find<A: ProcessActor>(_ type: A.Type, named name: String) async throws -> A {
        let typeName = _typeName(type, qualified: false)
        guard let found = try await find(name) else {
            throw SpawnError(.notFound, actor: name, typeName: typeName, message: "no actor has this name")
        }
        guard found.mangledType == _mangledTypeName(type) else {
            let actual = WireName.type(found.mangledType).map { _typeName($0, qualified: false) }
            throw SpawnError(
                .wrongType, actor: name, typeName: typeName,
                message: "the actor with this name is a \(actual ?? found.mangledType)")
        }
        return try reference(found.key, name: name)
    }

    private func find(_ name: String) async throws -> FoundActor? {
        if let node {
            return try await node.onLoop { node, done in
                let actor = node.names[name].flatMap { node.actors[$0] }
                done(
                    .success(actor.map { FoundActor(key: .spawned($0.number), mangledType: $0.mangledType) }))
            }
        }
        guard let worker else { return nil }
        return await withCheckedContinuation { continuation in
            host.loop.perform { worker.find(name) { continuation.resume(returning: $0) } }
        }
    }

    func reference<A: DistributedActor>(
        _ key: ActorKey, name: String
    ) throws -> A where A.ActorSystem == ProcessActorSystem {
        let address = ActorAddress(system: host.systemNumber, key: key, name: name)
        address.bind(host.route(to: key, name: name))
        return try A.resolve(id: ActorID(address), using: self)
    }

    /// Kills the actor's process with SIGKILL; returns when it is reaped, and callers and watchers know.
    ///
    /// Its supervisor starts the next incarnation, if its restart type says so. For an actor that is not
    /// alive just now nothing happens.
    public func kill<A: ProcessActor>(_ actor: A) async throws {
        _ = try await ask(.kill(actor.id.address.key))
    }

    /// Stops the actor for good: it finishes the message it is serving; what waits is not delivered.
    ///
    /// Returns when it has ended. How long it may take, and what happens then, is its ``ShutdownPolicy``.
    public func stop<A: ProcessActor>(_ actor: A) async throws {
        _ = try await ask(.stop(actor.id.address.key))
    }

    // MARK: Looking in

    /// Everything that happens in the system from now on.
    ///
    /// Only in the node; in a worker it is empty.
    public var events: AsyncStream<SystemEvent> {
        node?.events.subscribe() ?? AsyncStream { $0.finish() }
    }

    /// The processes of the system at this moment, in the order they were started.
    public func processes() async throws -> [ProcessInformation] {
        guard let node else { return [] }
        return try await node.onLoop { node, done in
            let workers = node.processes.values.sorted { $0.number < $1.number }
            done(
                .success(
                    workers.map {
                        ProcessInformation(
                            actor: $0.actor.name, incarnation: $0.incarnation, processID: $0.pid,
                            isReady: $0.actor.life.phase == .running)
                    }))
        }
    }

    /// The process id of the zygote, which forks the workers; nil when there is none.
    public func zygoteProcessID() async throws -> Int32? {
        guard let node else { return nil }
        return try await node.onLoop { node, done in done(.success(node.zygote?.pid)) }
    }
}

/// An actor's process, as ``ProcessActorSystem/processes()`` lists it.
public struct ProcessInformation: Sendable, Hashable {
    /// The actor's name.
    public var actor: String
    /// Which incarnation, counted from 1.
    public var incarnation: Int
    /// Its process id; nil while it is being forked, and for actors in the node's own process.
    public var processID: Int32?
    /// Whether it takes messages.
    public var isReady: Bool
}
