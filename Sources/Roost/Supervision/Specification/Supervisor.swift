/// A supervisor and its children: what is started, in which order, and what happens when a child ends.
///
/// ```swift
/// let tree = Supervisor("shop", strategy: .restForOne, intensity: .init(restarts: 3, within: .seconds(5))) {
///     Child(Inventory.self, named: "inventory")
///     Child(Checkout.self, named: "checkout", .init(currency: "EUR"), restart: .transient)
///     Supervisor("workers") {
///         for number in 0..<4 { Child(Packer.self, named: "packer-\(number)") }
///     }
/// }
/// let shop = try await system.start(tree)
/// ```
/// The children are started in the order they are written, each when the one before it is ready, and stopped
/// in reverse. A supervisor is no process: it lives in the node, and only actors are processes. When its
/// children had to be restarted more often than its intensity allows, it gives up: it stops them all and
/// fails, and its own supervisor restarts it as a whole, or gives up in turn.
///
/// The semantics are those of Erlang/OTP's `supervisor`.
public struct Supervisor: Sendable {
    /// Its name among its siblings.
    public let name: String
    let draft: SupervisorDraft
    let rules: ChildRules

    /// A supervisor with the children that `children` lists.
    ///
    /// - Parameters:
    ///   - name: unique among its siblings; a `/` separates the names of a path, and cannot be in it.
    ///   - strategy: which children are restarted when one ends; that one alone by default.
    ///   - intensity: how many restarts of its children are accepted; 10 within 60 seconds by default.
    ///   - backoff: how restarts are delayed, for children that do not say so themselves.
    ///   - autoShutdown: whether the end of significant children shuts it down; it does not by default.
    ///   - restart: when it is restarted by its own supervisor; always by default.
    ///   - isSignificant: whether its own end may shut its supervisor down.
    ///   - children: a ``Child``, ``Supervisor`` or ``DynamicSupervisor`` a line, with loops and conditions.
    public init(
        _ name: String, strategy: SupervisorStrategy = .oneForOne,
        intensity: RestartIntensity = RestartIntensity(), backoff: Backoff = Backoff(),
        autoShutdown: AutoShutdown = .never, restart: Restart = .permanent, isSignificant: Bool = false,
        @SupervisorBuilder _ children: () -> SupervisorChildren
    ) {
        self.name = name
        rules = ChildRules(name: name, restart: restart, isSignificant: isSignificant)
        draft = SupervisorDraft(
            rules: SupervisorRules(
                strategy: strategy, intensity: intensity, backoff: backoff, autoShutdown: autoShutdown),
            children: children().drafts)
    }
}

extension Supervisor {
    var asChild: ChildDraft { ChildDraft(rules: rules, kind: .supervisor(draft)) }
}

/// A supervisor whose children are of one kind and started at run time, by the thousand.
///
/// ```swift
/// let tree = Supervisor("shop") { DynamicSupervisor("packers", of: Packer.self) }
/// let shop = try await system.start(tree)
/// let packers = try await shop.dynamicSupervisor(of: Packer.self, named: "packers")
/// let packer = try await packers.start(.init(bench: 7))
/// ```
/// A child that has ended and is not restarted is forgotten. At the end all children are stopped at once.
/// OTP calls it `simple_one_for_one`, Elixir `DynamicSupervisor`.
public struct DynamicSupervisor<Actor: ProcessActor>: Sendable {
    /// Its name among its siblings.
    public let name: String
    let draft: SupervisorDraft
    let rules: ChildRules

    /// A supervisor of actors of this type.
    ///
    /// - Parameters:
    ///   - name: unique among its siblings.
    ///   - type: the children's type.
    ///   - childRestart: when a child is started again, with its own arguments; always by default.
    ///   - intensity: how many restarts of its children are accepted; 10 within 60 seconds by default.
    ///   - backoff: how restarts are delayed.
    ///   - restart: when it is restarted by its own supervisor, then without children.
    ///   - isSignificant: whether its own end may shut its supervisor down.
    ///   - startLimit: how long a child may take to become ready; the system's limit if nil.
    ///   - childShutdown: how a child is brought to its end; the system's way if nil.
    ///   - childLimits: how much of the machine a child's process may use.
    ///   - childWatchdog: how long a child may compute without a pause; for ever if nil.
    public init(
        _ name: String, of type: Actor.Type, childRestart: Restart = .permanent,
        intensity: RestartIntensity = RestartIntensity(), backoff: Backoff = Backoff(),
        restart: Restart = .permanent, isSignificant: Bool = false, startLimit: Duration? = nil,
        childShutdown: ShutdownPolicy? = nil, childLimits: ResourceLimits = ResourceLimits(),
        childWatchdog: Duration? = nil
    ) {
        self.name = name
        rules = ChildRules(name: name, restart: restart, isSignificant: isSignificant)
        draft = SupervisorDraft(
            rules: SupervisorRules(intensity: intensity, backoff: backoff, isDynamic: true), children: [],
            template: SpawnOptions(
                restart: childRestart, startLimit: startLimit, shutdown: childShutdown, limits: childLimits,
                watchdog: childWatchdog),
            templateType: _typeName(type, qualified: false))
    }
}

/// Puts the children of a ``Supervisor`` together.
@resultBuilder
public enum SupervisorBuilder {
    /// An actor.
    public static func buildExpression<A>(_ child: Child<A>) -> SupervisorChildren {
        SupervisorChildren(drafts: [child.draft])
    }

    /// A supervisor below.
    public static func buildExpression(_ supervisor: Supervisor) -> SupervisorChildren {
        SupervisorChildren(drafts: [supervisor.asChild])
    }

    /// A supervisor of children that are started at run time.
    public static func buildExpression<A>(_ supervisor: DynamicSupervisor<A>) -> SupervisorChildren {
        SupervisorChildren(drafts: [ChildDraft(rules: supervisor.rules, kind: .supervisor(supervisor.draft))])
    }

    /// One after another.
    public static func buildBlock(_ parts: SupervisorChildren...) -> SupervisorChildren { join(parts) }

    /// A loop.
    public static func buildArray(_ parts: [SupervisorChildren]) -> SupervisorChildren { join(parts) }

    /// An `if` without `else`.
    public static func buildOptional(_ part: SupervisorChildren?) -> SupervisorChildren {
        part ?? SupervisorChildren()
    }

    /// An `if`.
    public static func buildEither(first part: SupervisorChildren) -> SupervisorChildren { part }

    /// An `else`.
    public static func buildEither(second part: SupervisorChildren) -> SupervisorChildren { part }

    private static func join(_ parts: [SupervisorChildren]) -> SupervisorChildren {
        SupervisorChildren(drafts: parts.flatMap(\.drafts))
    }
}

/// What a ``SupervisorBuilder`` has put together.
public struct SupervisorChildren: Sendable {
    var drafts: [ChildDraft] = []
}

/// A child as it was written, before it is checked and its arguments are encoded.
struct ChildDraft: Sendable {
    enum Kind: Sendable {
        case actor(ActorBlueprint, SpawnOptions)
        case supervisor(SupervisorDraft)
    }

    var rules: ChildRules
    var kind: Kind
}

/// A supervisor as it was written.
struct SupervisorDraft: Sendable {
    var rules: SupervisorRules
    var children: [ChildDraft]
    /// How each child of a dynamic supervisor is started.
    var template = SpawnOptions()
    var templateType = ""
}
