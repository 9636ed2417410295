internal import RoostPlatform
internal import RoostWire

/// A spawned actor as the node keeps it: its specification, its life, and who waits for it.
///
/// Belongs to the node's loop.
final class ActorRecord: @unchecked Sendable {
    // @unchecked: see above.

    let number: UInt64
    let name: String
    let typeName: String
    let mangledType: String
    /// Empty once there will be no other incarnation to get them.
    var arguments: [UInt8]
    let options: SpawnOptions
    let delivery: DeliveryPolicy
    var life: ActorLife
    var process: WorkerProcess?
    var lastReason: ExitReason?
    /// What is known of its work, since the present incarnation's process was started.
    var known: KnownFigures?
    /// The process of the last incarnation that has ended; 0 before.
    var lastProcess: UInt64 = 0
    /// The process whose actor started it, and with which it ends.
    weak var parent: WorkerProcess?
    /// The supervisor that decides about its life, and the actor's number there.
    var supervisor: (node: SupervisorNode, child: SupervisorNode.ChildID)?

    /// Gets the outcome of the first start.
    var startWaiter: ((Result<Void, SpawnError>) -> Void)?
    /// Want to know where it is, once it is anywhere.
    var resolveWaiters: [(requester: UInt64, lost: UInt64?, answer: @Sendable (Resolution) -> Void)] = []
    /// Want to know when it has ended for good.
    var endWaiters: [() -> Void] = []
    /// Want to know when an incarnation has ended that was killed on request.
    var killWaiters: [() -> Void] = []

    init(number: UInt64, name: String, _ specification: ActorSpecification) {
        self.number = number
        self.name = name
        typeName = specification.typeName
        mangledType = specification.mangledType
        arguments = specification.arguments
        options = specification.options
        delivery = specification.delivery
        life = ActorLife(restart: options.restart, intensity: options.intensity, backoff: options.backoff)
    }
}
