internal import Synchronization

/// Whoever sends to a mailbox, and is told how much of it he may use.
protocol CreditTaker: AnyObject, Sendable {
    /// The actor with this number in its process has changed the limit.
    func changeLimit(_ limit: CreditShare, of receiver: UInt32, isLowered: Bool)
}

/// A mailbox's room and those who share it.
struct CreditSharing: Sendable {
    fileprivate var pool: CreditPool<ObjectIdentifier>
    fileprivate var takers: [ObjectIdentifier: WeakTaker] = [:]

    init(room: CreditShare) {
        pool = CreditPool(room: room)
    }

    fileprivate struct WeakTaker: Sendable {
        weak let taker: (any CreditTaker)?
    }
}

extension LocalActor {
    /// A sender needs more than it has.
    func senderWaits(_ taker: any CreditTaker) {
        change { sharing in
            sharing.takers[ObjectIdentifier(taker)] = CreditSharing.WeakTaker(taker: taker)
            return sharing.pool.wants(ObjectIdentifier(taker))
        }
    }

    /// A sender keeps to what it was told.
    func limitsConfirmed(by taker: ObjectIdentifier, count: Int, givesBack: Bool) {
        change { $0.pool.confirmed(taker, count: count, givesBack: givesBack) }
    }

    /// A sender is no more.
    func senderLeft(_ taker: ObjectIdentifier) {
        change { sharing in
            sharing.takers[taker] = nil
            return sharing.pool.left(taker)
        }
    }

    // Under the lock, so that a sender is told of the last change last.
    private func change(_ body: (inout CreditSharing) -> [CreditPool<ObjectIdentifier>.Change]) {
        credit.withLock { sharing in
            for change in body(&sharing) {
                sharing.takers[change.sender]?.taker?
                    .changeLimit(change.limit, of: number, isLowered: change.isLowered)
            }
        }
    }
}
