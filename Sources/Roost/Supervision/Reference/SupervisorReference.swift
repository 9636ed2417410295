internal import Distributed

/// A running supervisor.
///
/// A reference names the supervisor's path, and stays valid when it is restarted by the one above it. It is
/// a value that can be kept and passed on.
public struct SupervisorReference: Sendable, Hashable, CustomStringConvertible {
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
        try await control.start(child.draft)
        return try await control.system.find(A.self, named: child.name)
    }

    /// Adds a supervisor with all of its children behind all others, and starts it.
    ///
    /// - Returns: a reference to it.
    /// - Throws: ``SupervisorError``.
    @discardableResult
    public func startChild(_ child: Supervisor) async throws -> SupervisorReference {
        try await control.start(ChildDraft(rules: child.rules, kind: .supervisor(child.draft)))
        return supervisor(named: child.name)
    }

    /// Stops a child as its shutdown policy says; returns when it has ended.
    ///
    /// Its specification is kept, unless it is temporary: it can be restarted, or deleted. A restart that is
    /// waiting for its delay is called off.
    ///
    /// - Throws: ``SupervisorError`` with `.noSuchChild` or `.isStopping`.
    public func stopChild(named name: String) async throws {
        try await control.ask(name) { $0.stopChild($1, $2) }
    }

    /// Starts a child that is specified and not running, with its own arguments.
    ///
    /// - Throws: ``SupervisorError`` with `.noSuchChild`, `.isRunning`, `.isRestarting`, `.wrongKind`,
    ///   `.ignored` or `.startFailed`; its specification is kept in any case.
    public func restartChild(named name: String) async throws {
        try await control.ask(name) { $0.restartChild($1, $2) }
    }

    /// Drops the specification of a child that is not running.
    ///
    /// - Throws: ``SupervisorError`` with `.noSuchChild`, `.isRunning`, `.isRestarting` or `.wrongKind`.
    public func deleteChild(named name: String) async throws {
        try await control.ask(name) { $0.deleteChild($1, $2) }
    }

    // MARK: Looking in

    /// The children, in the order they are started.
    ///
    /// - Throws: ``SupervisorError`` when the supervisor has ended.
    public func children() async throws -> [ChildInformation] { try await control.children() }

    /// The child with this name.
    ///
    /// - Throws: ``SupervisorError`` with `.noSuchChild`.
    public func child(named name: String) async throws -> ChildInformation { try await control.child(name) }

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
        try await below.checkDynamic(_typeName(type, qualified: false))
        return DynamicSupervisorReference(control: below)
    }

    // MARK: The end

    /// Stops a tree: all children in reverse order, then the supervisor; returns when nothing is left.
    ///
    /// For a supervisor that was started with `start`; one below another is that one's child to stop. When
    /// it has ended already nothing happens.
    ///
    /// - Throws: ``SupervisorError`` with `.wrongKind` for a supervisor below another.
    public func stop() async throws { try await control.stop() }

    /// Waits for the supervisor's end, and says why it came: `.shutdown`, or `.failed` when it gave up.
    ///
    /// One that has ended already answers at once.
    ///
    /// - Throws: ``SupervisorError`` with `.noSuchSupervisor` when nothing is known of it.
    public func untilEnded() async throws -> ExitReason { try await control.untilEnded() }
}

/// A running supervisor of actors of one type, which are started at run time.
public struct DynamicSupervisorReference<Actor: ProcessActor>: Sendable, Hashable {
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
        let given = try await control.start(ActorBlueprint(Actor.self, arguments), named: name)
        return try await control.system.find(Actor.self, named: given)
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
        try await control.ask(name) { $0.stopChild($1, $2) }
    }

    /// Stops a child, which is forgotten; returns when it has ended.
    public func stopChild(_ child: Actor) async throws { try await stopChild(named: child.id.name) }

    /// The children, in the order they were started.
    public func children() async throws -> [ChildInformation] { try await control.children() }

    /// How many children there are, and in which state.
    public func counts() async throws -> ChildCounts { ChildCounts(try await children()) }
}

/// A child of a supervisor at a moment.
public struct ChildInformation: Sendable, Hashable {
    /// Where a child is in its life.
    public enum State: Sendable, Hashable {
        /// Its process or its own children are being started.
        case starting
        /// It takes messages.
        case running
        /// It ended and will be started again.
        case restarting
        /// It was asked to stop.
        case stopping
        /// It is specified and not there: it was stopped, ended by itself, or is not needed.
        case absent
    }

    /// Its name.
    public var name: String
    /// The actor's type; empty for a supervisor.
    public var typeName: String
    /// Whether it is a supervisor.
    public var isSupervisor: Bool
    /// Where it is in its life.
    public var state: State
    /// When it is started again.
    public var restart: Restart
    /// Its process id; nil for supervisors, and while there is no process.
    public var processID: Int32?
    /// How often it was restarted because it had ended by itself.
    public var restarts: Int
}

/// How many children a supervisor has.
public struct ChildCounts: Sendable, Hashable {
    /// All that are specified, running or not.
    public var specified: Int
    /// Those that are running, starting or stopping.
    public var active: Int
    /// Those that wait for their next incarnation.
    public var restarting: Int
    /// Those that are supervisors.
    public var supervisors: Int
    /// Those that are actors.
    public var actors: Int { specified - supervisors }

    init(_ children: [ChildInformation]) {
        specified = children.count
        active = children.count { $0.state != .absent && $0.state != .restarting }
        restarting = children.count { $0.state == .restarting }
        supervisors = children.count(where: \.isSupervisor)
    }
}
