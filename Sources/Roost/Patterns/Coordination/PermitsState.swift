/// Permits: who holds how many, and who waits for them, first come, first served.
///
/// Who asks for many is not passed by those who ask for few. A grant is known by the request it answers.
struct PermitsState: SessionMachine {
    enum Request: Codable, Sendable {
        /// So many, now or as soon as they are there.
        case acquire(Int)
        /// So many, now or not at all.
        case attempt(Int)
    }

    /// The grant's number, which rises from grant to grant; nil if an attempt failed.
    typealias Reply = FencingToken?

    private struct Waiter: Equatable {
        var place: SessionPlace
        var count: Int
    }

    let total: Int
    private(set) var free: Int
    private var held: [SessionPlace: Int] = [:]
    private var waiters: [Waiter] = []
    private var last: FencingToken

    init(total: Int, epoch: UInt64 = 0) {
        self.total = total
        free = total
        last = FencingToken(epoch: epoch, counter: 0)
    }

    var waiting: Int { waiters.count }

    mutating func received(_ request: Request, _ place: SessionPlace) -> [SessionAnswer<Reply>] {
        switch request {
        case .acquire(let count), .attempt(let count):
            guard (1...total).contains(count) else {
                let error = CoordinationError(
                    .tooMany, message: "\(count) of \(total) permits were asked for")
                return [SessionAnswer(place, error)]
            }
        }
        switch request {
        case .acquire(let count):
            waiters.append(Waiter(place: place, count: count))
            return giveOut()
        case .attempt(let count):
            guard waiters.isEmpty, count <= free else { return [SessionAnswer(place, nil)] }
            return [grant(Waiter(place: place, count: count))]
        }
    }

    mutating func withdrawn(_ place: SessionPlace) -> [SessionAnswer<Reply>] {
        waiters.removeAll { $0.place == place }
        free += held.removeValue(forKey: place) ?? 0
        return giveOut()
    }

    mutating func left(_ member: UInt64, _ loss: HolderLoss?) -> [SessionAnswer<Reply>] {
        waiters.removeAll { $0.place.member == member }
        for place in held.keys where place.member == member { free += held.removeValue(forKey: place) ?? 0 }
        return giveOut()
    }

    private mutating func giveOut() -> [SessionAnswer<Reply>] {
        var answers: [SessionAnswer<Reply>] = []
        while let first = waiters.first, first.count <= free {
            waiters.removeFirst()
            answers.append(grant(first))
        }
        return answers
    }

    private mutating func grant(_ waiter: Waiter) -> SessionAnswer<Reply> {
        free -= waiter.count
        held[waiter.place] = waiter.count
        last.counter += 1
        return SessionAnswer(waiter.place, last)
    }
}
