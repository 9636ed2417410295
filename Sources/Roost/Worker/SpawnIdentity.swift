internal import Distributed
internal import Synchronization

/// The identity that waits for the spawned actor while its initialiser runs.
///
/// The first actor of the very type takes it; others that the initialiser makes get identities of their own.
final class SpawnIdentity: Sendable {
    @TaskLocal static var current: SpawnIdentity?

    private let type: ObjectIdentifier
    private let local: Mutex<LocalActor?>

    init(type: any DistributedActor.Type, local: LocalActor) {
        self.type = ObjectIdentifier(type)
        self.local = Mutex(local)
    }

    func claim(for type: any DistributedActor.Type) -> LocalActor? {
        guard ObjectIdentifier(type) == self.type else { return nil }
        return local.withLock { $0.take() }
    }
}
