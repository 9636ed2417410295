public import Distributed

/// A distributed actor that runs in an operating-system process of its own.
///
/// ```swift
/// distributed actor Greeter: ProcessActor {
///     private var greeted = 0
///     distributed func greet(_ name: String) -> String {
///         greeted += 1
///         return "Hello, \(name)! (#\(greeted))"
///     }
/// }
///
/// let greeter = try await system.spawn(Greeter.self, named: "greeter")
/// print(try await greeter.greet("world"))
/// ```
///
/// An actor that needs arguments names their type, and takes them in its initialiser. They are a value,
/// kept by the supervisor and used again for every restart:
///
/// ```swift
/// distributed actor Counter: ProcessActor {
///     struct Arguments: Codable, Sendable { var start: Int }
///     private var value: Int
///     init(_ arguments: Arguments, actorSystem: ActorSystem) {
///         value = arguments.start
///         self.actorSystem = actorSystem
///     }
/// }
/// ```
///
/// The type must be found by its name in a new process: declare it at file scope or inside another type,
/// not inside a function. The new process runs the same executable, but never its `main`.
public protocol ProcessActor: DistributedActor where ActorSystem == ProcessActorSystem {
    /// What the actor is started with; nothing unless the type says so.
    associatedtype Arguments: Codable & Sendable = NoArguments

    /// Makes the actor in its process. An error fails the start, with the error as its reason.
    init(_ arguments: Arguments, actorSystem: ActorSystem) async throws

    /// Makes an actor that takes no arguments; the compiler writes it when all properties have defaults.
    init(actorSystem: ActorSystem)

    /// Prepares a new process before its actor exists: logging, limits, warm caches.
    ///
    /// Runs first in every process started for this type. An error is the start's error. Does nothing
    /// by default.
    static func prepareProcess() async throws

    /// Whether a message is served to its end before the next is begun.
    ///
    /// It is, by default: ``Reentrancy/serial``.
    static var reentrancy: Reentrancy { get }

    /// What becomes of messages to the actor when its mailbox is full.
    ///
    /// Their senders wait, by default.
    static var overflow: OverflowPolicy { get }

    /// How often messages to the actor are given to it.
    ///
    /// At most once, by default.
    static var delivery: DeliveryPolicy { get }

    /// Called when the actor is asked to stop, after its last message: the place to hand over and tidy up.
    ///
    /// ```swift
    /// func willStop() async {
    ///     try? await journal.close(after: lastEntry)
    /// }
    /// ```
    /// It runs once, in the actor's process, when `stop` was called, or its system or supervisor stops it;
    /// not when the actor ends itself, is killed, or crashes. Its time is part of the ``ShutdownPolicy``'s.
    /// What it sends is delivered before the process ends. It serves no message, so there is no `context`,
    /// and calls back to the actor are refused. Does nothing by default.
    func willStop() async
}

/// The arguments of an actor that takes none.
public struct NoArguments: Codable, Sendable, Hashable {
    /// The only value.
    public init() {}
}

extension ProcessActor {
    /// Nothing to prepare.
    public static func prepareProcess() async throws {}

    /// One message at a time.
    public static var reentrancy: Reentrancy { .serial }

    /// Senders wait for room.
    public static var overflow: OverflowPolicy { .suspend }

    /// What is lost with an incarnation is not given to the next.
    public static var delivery: DeliveryPolicy { .atMostOnce }

    /// Nothing to do before the end.
    public func willStop() async {}

    /// Not for an actor that takes arguments: spawn it, or call its own initialiser.
    public init(actorSystem: ActorSystem) {
        preconditionFailure("\(Self.self) is made with arguments: use init(_:actorSystem:)")
    }
}

extension ProcessActor where Arguments == NoArguments {
    /// Makes the actor with its own initialiser.
    public init(_ arguments: NoArguments, actorSystem: ActorSystem) async throws {
        self.init(actorSystem: actorSystem)
    }

    // More fitting than the one above for actors without arguments, so that a missing initialiser is
    // found by the compiler and not when the actor is started.
    /// Unavailable: give all properties a default, write `init(actorSystem:)`, or name `Arguments`.
    @available(*, unavailable, message: "give all properties a default, or write init(actorSystem:)")
    public init(actorSystem: ActorSystem) {
        preconditionFailure("unavailable")
    }
}
