/// A mailbox's room, divided among its senders: the receiver's side of credit.
///
/// Every sender has a small first grant without asking, so that a first message costs no round trip. One that
/// needs more says so, and from then on all that have said so share the rest of the room equally. When another
/// joins them, the limits of those before are lowered; what they give up is granted once they have confirmed that
/// no more than the new limit is under way. One that has nothing under way, and waits for nothing, then gives back
/// its share as a whole.
///
/// So there is never more in a mailbox than its room and a first grant for each sender but one, and nobody who
/// sends much keeps others from sending.
struct CreditPool<Sender: Hashable & Sendable>: Sendable {
    /// A sender's new limit.
    struct Change: Equatable, Sendable {
        var sender: Sender
        var limit: CreditShare
        /// It was lowered: the sender says when it keeps to it.
        var isLowered: Bool
    }

    private struct Member: Sendable {
        let sender: Sender
        /// What it has been told, beyond the first grant.
        var told = CreditShare.none
        /// What it may have under way as long as it has not confirmed a lower limit.
        var bound = CreditShare.none
        var unconfirmed = 0
        /// It sends no more: what it has there is all that it keeps.
        var isLeaving = false
    }

    let first: CreditShare
    private let shared: CreditShare
    private var members: [Member] = []

    init(room: CreditShare) {
        first = room.firstGrant
        shared = room - first
    }

    /// A sender waits for credit; it is answered in any case.
    mutating func wants(_ sender: Sender) -> [Change] {
        if !members.contains(where: { $0.sender == sender }) { members.append(Member(sender: sender)) }
        var changes = divide()
        if !changes.contains(where: { $0.sender == sender }),
            let member = members.first(where: { $0.sender == sender })
        {
            changes.append(Change(sender: sender, limit: first + member.told, isLowered: false))
        }
        return changes
    }

    /// A sender keeps to as many lowered limits as it confirms, or has given back its share.
    mutating func confirmed(_ sender: Sender, count: Int, givesBack: Bool) -> [Change] {
        guard let index = members.firstIndex(where: { $0.sender == sender }) else { return [] }
        members[index].unconfirmed = max(0, members[index].unconfirmed - count)
        if members[index].unconfirmed == 0 {
            if givesBack { members.remove(at: index) } else { members[index].bound = members[index].told }
        }
        return divide()
    }

    /// A sender sends no more, and has left so much behind; ``left(_:)`` once that is gone.
    mutating func leaving(_ sender: Sender, holding rest: CreditShare) -> [Change] {
        guard let index = members.firstIndex(where: { $0.sender == sender }) else { return [] }
        members[index].isLeaving = true
        members[index].unconfirmed = 0
        members[index].told = CreditShare(
            messages: max(0, rest.messages - first.messages), bytes: max(0, rest.bytes - first.bytes))
        members[index].bound = members[index].told
        return divide()
    }

    /// A sender is no more.
    mutating func left(_ sender: Sender) -> [Change] {
        let count = members.count
        members.removeAll { $0.sender == sender }
        return members.count == count ? [] : divide()
    }

    /// The most that a sender may have in the mailbox at this moment.
    func allowance(of sender: Sender) -> CreditShare {
        first + (members.first { $0.sender == sender }?.bound ?? .none)
    }

    /// What all senders together may have in the mailbox beyond their first grants.
    var granted: CreditShare { members.reduce(.none) { $0 + $1.bound } }

    private mutating func divide() -> [Change] {
        let active = members.indices.filter { !members[$0].isLeaving }
        if active.isEmpty { return [] }
        let share = shared / active.count
        var changes: [Change] = []
        for index in active {
            let lowered = CreditShare.lower(members[index].told, share)
            guard lowered != members[index].told else { continue }
            members[index].told = lowered
            members[index].unconfirmed += 1
            changes.append(Change(sender: members[index].sender, limit: first + lowered, isLowered: true))
        }
        var free = shared - granted
        for index in active where members[index].unconfirmed == 0 {
            let raise = CreditShare.lower(share - members[index].told, free)
            guard raise != .none else { continue }
            members[index].told = members[index].told + raise
            members[index].bound = members[index].told
            free = free - raise
            changes.append(
                Change(sender: members[index].sender, limit: first + members[index].told, isLowered: false))
        }
        return changes
    }
}
