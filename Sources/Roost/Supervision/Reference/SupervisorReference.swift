internal import Distributed

/// A running supervisor.
///
/// A reference names the supervisor's path, and stays valid when it is restarted by the one above it. It is
/// a value that can be kept and passed on.
public struct SupervisorReference: Sendable, Hashable, Codable, CustomStringConvertible {
    let control: SupervisorControl

    /// The names from the root of the tree to this supervisor, with a `/` between them.
    public var path: String { control.key.path }

    /// The path.
    public var description: String { path }

    // MARK: Children

    /// Adds a child behind all others and starts it; returns when it is ready.
    ///
    /// When it cannot be started its specification is not kept.
    ///
    /// - Returns: a reference to the actor.
    /// - Throws: ``SupervisorError``; with `.ignored` when it is not needed, `.startFailed` and the cause when
    ///   it could not be started.
    @discardableResult
    public func startChild<A>(_ child: Child<A>) async throws -> A {
        try await control.start(.startChild(try child.draft.specification(userInfo: control.userInfo)))
    }

    /// Adds a supervisor with all of its children behind all others, and starts it.
    ///
    /// - Returns: a reference to it.
    /// - Throws: ``SupervisorError``.
    @discardableResult
    public func startChild(_ child: Supervisor) async throws -> SupervisorReference {
        try await control.ask(.startChild(try child.asChild.specification(userInfo: control.userInfo)))
        return supervisor(named: child.name)
    }

    /// Stops a child as its shutdown policy says; returns when it has ended.
    ///
    /// Its specification is kept, unless it is temporary: it can be restarted, or deleted. A restart that is
    /// waiting for its delay is called off.
    ///
    /// - Throws: ``SupervisorError`` with `.noSuchChild` or `.isStopping`.
    public func stopChild(named name: String) async throws {
        try await control.ask(.stopChild(name))
    }

    /// Starts a child that is specified and not running, with its own arguments.
    ///
    /// - Throws: ``SupervisorError`` with `.noSuchChild`, `.isRunning`, `.isRestarting`, `.wrongKind`,
    ///   `.ignored` or `.startFailed`; its specification is kept in any case.
    public func restartChild(named name: String) async throws {
        try await control.ask(.restartChild(name))
    }

    /// Drops the specification of a child that is not running.
    ///
    /// - Throws: ``SupervisorError`` with `.noSuchChild`, `.isRunning`, `.isRestarting` or `.wrongKind`.
    public func deleteChild(named name: String) async throws {
        try await control.ask(.deleteChild(name))
    }

    // MARK: Looking in

    /// The children, in the order they are started.
    ///
    /// - Throws: ``SupervisorError`` when the supervisor has ended.
    public func children() async throws -> [ChildInformation] { try await control.children() }

    /// The child with this name.
    ///
    /// - Throws: ``SupervisorError`` with `.noSuchChild`.
    public func child(named name: String) async throws -> ChildInformation {
        guard let child = try await children().first(where: { $0.name == name }) else {
            throw SupervisorError(
                .noSuchChild, supervisor: path, child: name, message: "it has no child of this name")
        }
        return child
    }

    /// How many children there are, of which kind, and in which state.
    ///
    /// - Throws: ``SupervisorError`` when the supervisor has ended.
    public func counts() async throws -> ChildCounts { ChildCounts(try await children()) }

    /// The supervisor with this name below this one.
    public func supervisor(named name: String) -> SupervisorReference {
        SupervisorReference(control: control.below(name))
    }

    /// The dynamic supervisor with this name below this one.
    ///
    /// - Throws: ``SupervisorError`` with `.noSuchSupervisor`, or `.wrongKind` when it is not one of actors of
    ///   this type.
    public func dynamicSupervisor<A: ProcessActor>(
        of type: A.Type, named name: String
    ) async throws -> DynamicSupervisorReference<A> {
        let below = control.below(name)
        try await below.ask(.checkDynamic(_typeName(type, qualified: false)))
        return DynamicSupervisorReference(control: below)
    }

    // MARK: The end

    /// Stops a tree: all children in reverse order, then the supervisor; returns when nothing is left.
    ///
    /// For a supervisor that was started with `start`; one below another is that one's child to stop. When
    /// it has ended already nothing happens.
    ///
    /// - Throws: ``SupervisorError`` with `.wrongKind` for a supervisor below another.
    public func stop() async throws {
        do {
            try await control.ask(.stop)
        } catch let error as SupervisorError where error.code == .noSuchSupervisor {
            return
        }
    }

    /// Waits for the supervisor's end, and says why it came: `.shutdown`, or `.failed` when it gave up.
    ///
    /// One that has ended already answers at once.
    ///
    /// - Throws: ``SupervisorError`` with `.noSuchSupervisor` when nothing is known of it.
    public func untilEnded() async throws -> ExitReason { try await control.untilEnded() }
}

/// A running supervisor of actors of one type, which are started at run time.
public struct DynamicSupervisorReference<Actor: ProcessActor>: Sendable, Hashable, Codable {
    let control: SupervisorControl

    /// The names from the root of the tree to this supervisor, with a `/` between them.
    public var path: String { control.key.path }

    /// Starts a child; returns when it is ready.
    ///
    /// - Parameters:
    ///   - arguments: what its initialiser gets, now and at every restart.
    ///   - name: unique in the node; made from the type if nil.
    /// - Returns: a reference to the actor.
    /// - Throws: ``SupervisorError``; with `.ignored` when it is not needed, `.startFailed` and the cause when
    ///   it could not be started.
    @discardableResult
    public func start(_ arguments: Actor.Arguments, named name: String? = nil) async throws -> Actor {
        let blueprint = ActorBlueprint(Actor.self, arguments)
        let actor = try blueprint.specification(
            named: name, options: SpawnOptions(), userInfo: control.userInfo)
        return try await control.start(.startDynamic(actor))
    }

    /// Starts a child that takes no arguments.
    @discardableResult
    public func start(named name: String? = nil) async throws -> Actor where Actor.Arguments == NoArguments {
        try await start(NoArguments(), named: name)
    }

    /// Stops a child, which is forgotten; returns when it has ended.
    ///
    /// - Throws: ``SupervisorError`` with `.noSuchChild` or `.isStopping`.
    public func stopChild(named name: String) async throws {
        try await control.ask(.stopChild(name))
    }

    /// Stops a child, which is forgotten; returns when it has ended.
    public func stopChild(_ child: Actor) async throws { try await stopChild(named: child.id.name) }

    /// The children, in the order they were started.
    public func children() async throws -> [ChildInformation] { try await control.children() }

    /// How many children there are, and in which state.
    public func counts() async throws -> ChildCounts { ChildCounts(try await children()) }
}
