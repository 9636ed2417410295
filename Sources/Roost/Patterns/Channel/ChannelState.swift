/// How the two ends of a channel find each other: who holds which, and which of them are open.
///
/// `First` is what the first end receives. An end may be held in several processes until one of them opens it.
struct ChannelState<First: Codable & Sendable, Second: Codable & Sendable>: SessionMachine {
    enum Request: Codable, Sendable {
        /// The member has an end in its hands.
        case holdFirst, holdSecond
        /// The end that was held by this request was sent to somebody.
        case passOn(UInt64)
        case openFirst(MailboxAddress<First>)
        case openSecond(MailboxAddress<Second>)
        /// It sends to the other's mailbox now.
        case connected
    }

    enum Reply: Codable, Sendable, Equatable {
        case done
        case first(MailboxAddress<First>)
        case second(MailboxAddress<Second>)
    }

    private struct Side {
        /// The requests by which it is held.
        var holders: Set<SessionPlace> = []
        /// Those by which it was held until it was sent on.
        var senders: Set<SessionPlace> = []
        /// How often it has come into somebody's hands, and been sent on: both are told, in any order.
        var arrivals = 0
        var departures = 0
        /// How the last of its holders ended, that did not send it on.
        var lastEnd: HolderLoss?
        var address: Reply?
        /// Who has opened it.
        var member: UInt64?
        /// The request that waits: for the other to open, or to connect.
        var waiting: SessionPlace?
        var isConnected = false
        var loss: HolderLoss?
    }

    private var sides = [Side(), Side()]

    /// Whether both ends send to each other.
    var isConnected: Bool { sides.allSatisfy(\.isConnected) }

    /// Whether nothing is to be done here any more.
    var isOver: Bool { isConnected || sides.allSatisfy { $0.loss != nil } }

    mutating func received(_ request: Request, _ place: SessionPlace) -> [SessionAnswer<Reply>] {
        switch request {
        case .holdFirst: return hold(0, place)
        case .holdSecond: return hold(1, place)
        case .passOn(let number):
            let held = SessionPlace(member: place.member, number: number)
            return [SessionAnswer(place, .done)] + sides.indices.flatMap { passOn($0, held) }
        case .openFirst(let address): return open(0, .first(address), place)
        case .openSecond(let address): return open(1, .second(address), place)
        case .connected: return connected(place)
        }
    }

    mutating func withdrawn(_ place: SessionPlace) -> [SessionAnswer<Reply>] {
        for side in sides.indices where sides[side].holders.remove(place) != nil {
            return letGo(side, HolderLoss(name: "the other end", reason: .normal))
        }
        for side in sides.indices where sides[side].waiting == place {
            // It wanted to connect, and does not any more.
            sides[side].waiting = nil
            return lose(side, HolderLoss(name: "the other end", reason: .normal))
        }
        return []
    }

    mutating func left(_ member: UInt64, _ loss: HolderLoss?) -> [SessionAnswer<Reply>] {
        var answers: [SessionAnswer<Reply>] = []
        for side in sides.indices {
            let held = sides[side].holders.filter { $0.member == member }
            sides[side].holders.subtract(held)
            if sides[side].waiting?.member == member { sides[side].waiting = nil }
            if sides[side].member == member {
                answers += lose(side, loss ?? HolderLoss(name: "the other end", reason: .normal))
            } else if !held.isEmpty {
                answers += letGo(side, loss ?? HolderLoss(name: "the other end", reason: .normal))
            }
        }
        return answers
    }

    private mutating func hold(_ side: Int, _ place: SessionPlace) -> [SessionAnswer<Reply>] {
        sides[side].holders.insert(place)
        sides[side].arrivals += 1
        return [SessionAnswer(place, .done)]
    }

    private mutating func open(_ side: Int, _ address: Reply, _ place: SessionPlace) -> [SessionAnswer<Reply>]
    {
        guard sides[side].member == nil else {
            let error = CoordinationError(.taken, message: "this end of the channel is in use elsewhere")
            return [SessionAnswer(place, error)]
        }
        sides[side].member = place.member
        sides[side].address = address
        if let loss = sides[1 - side].loss { return [SessionAnswer(place, Self.gone(loss))] }
        guard let theirs = sides[1 - side].address else {
            sides[side].waiting = place
            return []
        }
        defer { sides[1 - side].waiting = nil }
        return (sides[1 - side].waiting.map { [SessionAnswer($0, address)] } ?? []) + [
            SessionAnswer(place, theirs)
        ]
    }

    private mutating func connected(_ place: SessionPlace) -> [SessionAnswer<Reply>] {
        // Both ends may be one member's: then the one that has not connected is meant.
        guard
            let side = sides.firstIndex(where: {
                $0.member == place.member && !$0.isConnected && $0.waiting == nil
            })
        else { return [SessionAnswer(place, .done)] }
        if let loss = sides[1 - side].loss { return [SessionAnswer(place, Self.gone(loss))] }
        sides[side].isConnected = true
        guard sides[1 - side].isConnected else {
            sides[side].waiting = place
            return []
        }
        defer { sides[1 - side].waiting = nil }
        return (sides[1 - side].waiting.map { [SessionAnswer($0, .done)] } ?? []) + [
            SessionAnswer(place, .done)
        ]
    }

    private mutating func passOn(_ side: Int, _ holder: SessionPlace) -> [SessionAnswer<Reply>] {
        // A second time it was sent to another one.
        if sides[side].holders.remove(holder) != nil { sides[side].senders.insert(holder) }
        guard sides[side].senders.contains(holder) else { return [] }
        sides[side].departures += 1
        return checkHolders(side)
    }

    /// A holder is gone that has not opened the end.
    private mutating func letGo(_ side: Int, _ loss: HolderLoss) -> [SessionAnswer<Reply>] {
        sides[side].lastEnd = loss
        return checkHolders(side)
    }

    /// Nobody will open the end when nobody has it, and it is not on its way to anybody.
    private mutating func checkHolders(_ side: Int) -> [SessionAnswer<Reply>] {
        guard sides[side].member == nil, sides[side].holders.isEmpty, let end = sides[side].lastEnd,
            sides[side].arrivals > sides[side].departures
        else { return [] }
        return lose(side, end)
    }

    private mutating func lose(_ side: Int, _ loss: HolderLoss) -> [SessionAnswer<Reply>] {
        // From then on the mailboxes tell.
        guard !isConnected, sides[side].loss == nil else { return [] }
        sides[side].loss = loss
        guard let waiting = sides[1 - side].waiting else { return [] }
        sides[1 - side].waiting = nil
        return [SessionAnswer(waiting, Self.gone(loss))]
    }

    private static func gone(_ loss: HolderLoss) -> CoordinationError {
        CoordinationError(.broken, loss: loss, message: "the channel's other end is gone")
    }
}
