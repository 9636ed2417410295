public import Distributed
internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// What an actor knows about the message it is serving.
///
/// `context` is there while a distributed method runs, also after an `await` and in child tasks:
///
/// ```swift
/// distributed func checkpoint() async throws {
///     await context.flush()                  // what was sent so far has left
///     if journal.isFull { context.stop() }   // the last message of this incarnation
/// }
/// ```
public final class ActorContext: Sendable {
    @TaskLocal static var current: ActorContext?

    enum End: Sendable {
        case normal
        case failed(RemoteFailure)
    }

    private struct State {
        var end: End?
        /// Its tasks may live longer than the message, and then nobody waits for them.
        var isOver = false
    }

    let message: InboundMessage
    let actor: LocalActor
    /// Its place among the messages under way in the actor: 1 is the one that waited its turn.
    let level: Int
    private let host: ActorHost
    private let state = Mutex(State())

    init(serving message: InboundMessage, by actor: LocalActor, level: Int, host: ActorHost) {
        self.message = message
        self.actor = actor
        self.level = level
        self.host = host
    }

    /// The actor that sent the message; nil when it was not sent while serving a message.
    public var caller: ActorID? {
        (message.sections.sender ?? message.sections.path.last).map { host.identity(of: $0) }
    }

    /// Whether the sender waits for an answer.
    public var isCall: Bool { message.isCall }

    /// Whether the message may have been served before, by an incarnation that died.
    ///
    /// Only so where messages are delivered at least once: ``DeliveryPolicy/atLeastOnce(attempts:)``.
    public var isRedelivered: Bool { message.sections.isRedelivered }

    /// Tells the message from all others, however often it is delivered; nil where it is delivered at most once.
    public var sequence: MessageSequence? { message.sequence }

    /// How long the caller will still wait; nil when it waits as long as it takes.
    ///
    /// A call that is made while serving this message waits no longer than this either.
    public var remainingTime: Duration? {
        message.sections.deadline.map { Monotonic.now.duration(to: Monotonic(nanoseconds: $0)) }
    }

    /// Ends the actor once this message has been served, with exit reason `.normal`.
    public func stop() {
        state.withLock { if $0.end == nil { $0.end = .normal } }
    }

    /// Ends the actor once this message has been served, with exit reason `.failed`.
    public func fail(_ error: any Error) {
        let failure = RemoteError(describing: error).failure
        state.withLock { if $0.end == nil { $0.end = .failed(failure) } }
    }

    /// Says that a long computation gets on, to an actor's watchdog (``SpawnOptions/watchdog``).
    ///
    /// Call it as often as is convenient: more often than every 10 ms costs next to nothing.
    public func progress() {
        host.progressed()
    }

    /// Hands everything sent so far to the operating system.
    ///
    /// Messages leave by themselves when the handler suspends or ends; this is for before a step that
    /// may kill the process.
    public func flush() async {
        await withCheckedContinuation { continuation in
            host.whenFlushed { continuation.resume() }
        }
    }

    /// The message has been served; says whether the actor asked for its own end meanwhile.
    func finish() -> End? {
        state.withLock { state in
            state.isOver = true
            return state.end
        }
    }

    /// Whether the message is being served in this host, and not in another system's of the same process.
    func belongs(to host: ActorHost) -> Bool { self.host === host }

    var isOver: Bool { state.withLock { $0.isOver } }

    /// The actor that serves the message.
    var key: ActorKey { actor.key }

    /// The actors that wait for what is done here, this one last.
    var path: [ActorKey] { message.sections.path + [actor.key] }

    var deadline: UInt64? { message.sections.deadline }
}

extension DistributedActor where ActorSystem == ProcessActorSystem {
    /// What is known about the message being served.
    ///
    /// Only available while a distributed method of this actor runs.
    public nonisolated var context: ActorContext {
        guard let context = ActorContext.current else {
            preconditionFailure("context is available while a message is being served")
        }
        return context
    }
}
