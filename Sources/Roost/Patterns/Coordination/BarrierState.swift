/// A barrier: its parties, those who wait at it, and those who have yet to be told that one is gone.
///
/// When a party is lost, each of the others is told once: those who wait at once, the others when they come next.
/// After that they wait for all parties again, a new one in place of the lost among them.
struct BarrierState: SessionMachine {
    enum Request: Codable, Sendable {
        case join
        /// The party that the member became by this request has come.
        case arrive(party: UInt64)
    }

    /// Which meeting it was, counted from 1, or 0 for having joined.
    typealias Reply = UInt64

    private enum Party {
        case away
        case waiting(UInt64)
        case untold(HolderLoss)
    }

    let size: Int
    private(set) var meetings: UInt64 = 0
    private var parties: [SessionPlace: Party] = [:]

    init(parties: Int) {
        size = parties
    }

    var joined: Int { parties.count }

    var waiting: Int {
        parties.values.count { if case .waiting = $0 { true } else { false } }
    }

    mutating func received(_ request: Request, _ place: SessionPlace) -> [SessionAnswer<Reply>] {
        switch request {
        case .join:
            guard parties.count < size else {
                let error = CoordinationError(
                    .full, message: "the barrier is for \(size) parties, and all are there")
                return [SessionAnswer(place, error)]
            }
            parties[place] = .away
            return [SessionAnswer(place, 0)]
        case .arrive(let party):
            return arrived(SessionPlace(member: place.member, number: party), asking: place)
        }
    }

    private mutating func arrived(_ party: SessionPlace, asking place: SessionPlace) -> [SessionAnswer<Reply>]
    {
        switch parties[party] {
        case .away:
            parties[party] = .waiting(place.number)
            return meet()
        case .untold(let loss):
            parties[party] = .away
            return [SessionAnswer(place, Self.broken(loss))]
        case .waiting, nil:
            let error = CoordinationError(
                .notAParty, message: "the party has left, or waits at the barrier already")
            return [SessionAnswer(place, error)]
        }
    }

    /// A party leaves, or does not wait any more.
    mutating func withdrawn(_ place: SessionPlace) -> [SessionAnswer<Reply>] {
        if parties.removeValue(forKey: place) != nil { return [] }
        let waiter = parties.first { party, state in
            if case .waiting(let number) = state {
                party.member == place.member && number == place.number
            } else {
                false
            }
        }
        if let waiter { parties[waiter.key] = .away }
        return []
    }

    mutating func left(_ member: UInt64, _ loss: HolderLoss?) -> [SessionAnswer<Reply>] {
        let gone = parties.keys.filter { $0.member == member }
        for party in gone { parties[party] = nil }
        guard !gone.isEmpty, let loss else { return [] }
        var answers: [SessionAnswer<Reply>] = []
        for (party, state) in parties.sorted(by: {
            ($0.key.member, $0.key.number) < ($1.key.member, $1.key.number)
        }) {
            if case .waiting(let number) = state {
                answers.append(
                    SessionAnswer(SessionPlace(member: party.member, number: number), Self.broken(loss)))
                parties[party] = .away
            } else {
                parties[party] = .untold(loss)
            }
        }
        return answers
    }

    private mutating func meet() -> [SessionAnswer<Reply>] {
        guard waiting == size else { return [] }
        meetings += 1
        var answers: [SessionAnswer<Reply>] = []
        for (party, state) in parties {
            guard case .waiting(let number) = state else { continue }
            answers.append(SessionAnswer(SessionPlace(member: party.member, number: number), meetings))
            parties[party] = .away
        }
        return answers
    }

    private static func broken(_ loss: HolderLoss) -> CoordinationError {
        CoordinationError(.broken, loss: loss, message: "a party is gone")
    }
}
