/// A latch: what is still to be counted down, and who waits for that.
struct LatchState: SessionMachine {
    enum Request: Codable, Sendable {
        case wait
        /// One of the counts is this member's: if it is gone without having counted it down, the latch breaks.
        case promise
        /// The promise made by this request is kept: it is counted down.
        case keep(promise: UInt64)
    }

    /// Nothing but that it is so.
    struct Reply: Codable, Sendable, Equatable {}

    private(set) var count: Int
    private(set) var loss: HolderLoss?
    private var waiters: [SessionPlace] = []
    private var promises: Set<SessionPlace> = []

    init(count: Int) {
        self.count = count
    }

    var waiting: Int { waiters.count }

    mutating func received(_ request: Request, _ place: SessionPlace) -> [SessionAnswer<Reply>] {
        switch request {
        case .wait:
            waiters.append(place)
            return letGo()
        case .promise:
            promises.insert(place)
            return [SessionAnswer(place, Reply())]
        case .keep(let number):
            let promise = SessionPlace(member: place.member, number: number)
            let answers = promises.remove(promise) == nil ? [] : countDown(by: 1)
            return answers + [SessionAnswer(place, Reply())]
        }
    }

    /// Who waited waits no more; a promise that was dropped is broken.
    mutating func withdrawn(_ place: SessionPlace) -> [SessionAnswer<Reply>] {
        waiters.removeAll { $0 == place }
        return promises.remove(place) == nil ? [] : breakOff(nil)
    }

    mutating func left(_ member: UInt64, _ loss: HolderLoss?) -> [SessionAnswer<Reply>] {
        waiters.removeAll { $0.member == member }
        let open = promises.filter { $0.member == member }
        promises.subtract(open)
        return open.isEmpty ? [] : breakOff(loss)
    }

    private mutating func breakOff(_ loss: HolderLoss?) -> [SessionAnswer<Reply>] {
        // What is open stays so: a loss after that is nobody's business.
        guard count > 0 else { return [] }
        self.loss = loss ?? HolderLoss(name: "who promised it", reason: .normal)
        return letGo()
    }

    mutating func countDown(by amount: Int) -> [SessionAnswer<Reply>] {
        count = max(0, count - amount)
        return letGo()
    }

    /// Closes the latch again, whole.
    mutating func reset(to count: Int) -> [SessionAnswer<Reply>] {
        self.count = count
        loss = nil
        promises = []
        return letGo()
    }

    private mutating func letGo() -> [SessionAnswer<Reply>] {
        guard count == 0 || loss != nil else { return [] }
        defer { waiters = [] }
        guard count > 0, let loss else { return waiters.map { SessionAnswer($0, Reply()) } }
        let error = CoordinationError(
            .broken, loss: loss, message: "a count was promised and not counted down")
        return waiters.map { SessionAnswer($0, error) }
    }
}
