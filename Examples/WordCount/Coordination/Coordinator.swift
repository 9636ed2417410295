/// The whole run, decided purely: who counts what, which counts go where, when somebody is struck, when it ends.
///
/// It knows of tokenizers and reducers only by number. Each event returns what is to be done, in order; nothing is
/// done here. The shell around it owns the processes, the ``ReplayStore`` of each reducer, and the clock.
///
/// ```
/// tokenizerReady ─► .count ─► reported ─► .keep, .deliver ─► entrySettled ─► … ─► .rank ─► ranked ─► .finish
/// ```
///
/// Exactly once: ``LeaseBook`` accepts one report of each chunk; only accepted counts enter a reducer's log; and a
/// reducer's state is that log up to some place, whichever incarnation it is.
struct Coordinator: Sendable {
    /// Something to be done.
    enum Action: Equatable {
        /// Have the tokenizer count the chunk.
        case count(Lease, by: Int)
        /// Append the report's counts to the reducers' stores, before the actions that follow.
        case keep(Lease)
        /// Forget the report: another one of this chunk was accepted.
        case ignore(Lease)
        /// Send an entry of the reducer's store to it; its answer belongs to this incarnation.
        case deliver(entry: Int, to: Int, incarnation: Int)
        /// Have the reducer rank its words: it has all of them.
        case rank(Int, incarnation: Int)
        /// Tell that a chunk is left out.
        case setAside(Chunk, attempts: Int)
        /// Carry out a strike on a worker of that number; the zygote's is 0.
        case strike(ChaosSchedule.Kind, Int, ChaosSchedule.Blow)
        /// All reducers have been ranked: the run is over.
        case finish
    }

    private(set) var book: LeaseBook
    private(set) var feeds: [ReducerFeed]
    private(set) var chaos: ChaosSchedule?
    private let leasesAtOnce: Int
    private var up: Set<Int> = []
    private var overdue: Set<Int> = []
    private var struckTokenizers: Set<Int> = []
    private var struckReducers: Set<Int> = []
    private var ranking: Set<Int> = []
    private var rankedReducers: Set<Int> = []
    private var isFinished = false

    init(book: LeaseBook, reducers: Int, chaos: ChaosSchedule? = nil, leasesAtOnce: Int = 1, window: Int = 4)
    {
        self.book = book
        self.chaos = chaos
        self.leasesAtOnce = leasesAtOnce
        feeds = Array(repeating: ReducerFeed(window: window), count: reducers)
    }

    /// How many times work was given again, to a tokenizer or to a reducer.
    var redeliveries: Int { feeds.reduce(book.redeliveries) { $0 + $1.redeliveries } }

    // MARK: Tokenizers

    /// A tokenizer is there: for the first time, or again after it died.
    mutating func tokenizerReady(_ tokenizer: Int) -> [Action] {
        up.insert(tokenizer)
        overdue.remove(tokenizer)
        struckTokenizers.remove(tokenizer)
        return advance()
    }

    /// A tokenizer has reported a chunk, with so many parts for each reducer.
    mutating func reported(_ lease: Lease, by tokenizer: Int, parts: [Int]) -> [Action] {
        // One that was given up on is at work after all.
        if overdue.remove(tokenizer) != nil { up.insert(tokenizer) }
        switch book.reported(lease, by: tokenizer) {
        case .ignoreDuplicate:
            return [.ignore(lease)] + advance()
        case .accept:
            for (reducer, count) in parts.enumerated() { feeds[reducer].appended(count) }
            return [.keep(lease)] + advance()
        }
    }

    /// A tokenizer has died.
    mutating func tokenizerLost(_ tokenizer: Int) -> [Action] {
        up.remove(tokenizer)
        overdue.remove(tokenizer)
        let blame: Blame = struckTokenizers.remove(tokenizer) == nil ? .chunk : .chaos
        return told(book.tokenizerLost(tokenizer, blame: blame)) + advance()
    }

    /// A tokenizer has not reported in time.
    ///
    /// It gets no new work until it reports, or is ready again.
    mutating func tokenizerOverdue(_ tokenizer: Int) -> [Action] {
        up.remove(tokenizer)
        overdue.insert(tokenizer)
        let blame: Blame = struckTokenizers.contains(tokenizer) ? .chaos : .chunk
        return told(book.tokenizerOverdue(tokenizer, blame: blame)) + advance()
    }

    // MARK: Reducers

    /// A reducer is there: for the first time, or again after it died.
    mutating func reducerReady(_ reducer: Int) -> [Action] {
        feeds[reducer].reducerReady()
        return advance()
    }

    /// A reducer has taken an entry of its log.
    mutating func entrySettled(by reducer: Int, incarnation: Int) -> [Action] {
        feeds[reducer].entrySettled(incarnation: incarnation) ? advance() : []
    }

    /// A reducer has died; its successor will be given all of the log.
    mutating func reducerLost(_ reducer: Int) -> [Action] {
        feeds[reducer].reducerLost()
        struckReducers.remove(reducer)
        ranking.remove(reducer)
        return advance()
    }

    /// A reducer's words have been read to the end.
    mutating func ranked(_ reducer: Int, incarnation: Int) -> [Action] {
        guard feeds[reducer].incarnation == incarnation, ranking.remove(reducer) != nil else { return [] }
        rankedReducers.insert(reducer)
        return advance()
    }

    /// No more chunks are to be counted; what was counted is still ranked.
    mutating func interrupt() -> [Action] {
        book.stop()
        chaos = nil
        return advance()
    }

    // MARK: Deciding

    private func told(_ losses: [LeaseBook.LossAction]) -> [Action] {
        losses.compactMap { loss in
            guard case .setAside(let chunk, let attempts) = loss else { return nil }
            return .setAside(chunk, attempts: attempts)
        }
    }

    private mutating func advance() -> [Action] {
        var actions: [Action] = []
        strikeZygote(&actions)
        giveLeases(&actions)
        strikeTokenizers(&actions)
        feedReducers(&actions)
        strikeReducers(&actions)
        rankReducers(&actions)
        return actions
    }

    private mutating func giveLeases(_ actions: inout [Action]) {
        for tokenizer in up.sorted() {
            while book.leases(of: tokenizer) < leasesAtOnce {
                guard case .count(let lease) = book.tokenizerIsFree(tokenizer) else { return }
                actions.append(.count(lease, by: tokenizer))
            }
        }
    }

    private mutating func strikeTokenizers(_ actions: inout [Action]) {
        while true {
            let victims = up.filter { book.leases(of: $0) > 0 }.sorted()
            guard !victims.isEmpty, let strike = chaos?.take(.tokenizer, acknowledged: book.acknowledged)
            else {
                return
            }
            let victim = victims[strike.choice % victims.count]
            up.remove(victim)
            struckTokenizers.insert(victim)
            book.revokeLeases(of: victim)
            actions.append(.strike(.tokenizer, victim, strike.blow))
        }
    }

    private mutating func strikeZygote(_ actions: inout [Action]) {
        guard let strike = chaos?.take(.zygote, acknowledged: book.acknowledged) else { return }
        actions.append(.strike(.zygote, 0, strike.blow))
    }

    private mutating func feedReducers(_ actions: inout [Action]) {
        for reducer in feeds.indices where !struckReducers.union(rankedReducers).contains(reducer) {
            for entry in feeds[reducer].entriesToSend() {
                actions.append(.deliver(entry: entry, to: reducer, incarnation: feeds[reducer].incarnation))
            }
        }
    }

    private mutating func strikeReducers(_ actions: inout [Action]) {
        // Only one that has something to lose, and is not struck already.
        let victims = feeds.indices.filter {
            feeds[$0].isUp && feeds[$0].settled > 0 && !struckReducers.contains($0)
        }
        guard !victims.isEmpty, let strike = chaos?.take(.reducer, acknowledged: book.acknowledged) else {
            return
        }
        let victim = victims[strike.choice % victims.count]
        struckReducers.insert(victim)
        ranking.remove(victim)
        actions.append(.strike(.reducer, victim, strike.blow))
    }

    private mutating func rankReducers(_ actions: inout [Action]) {
        guard book.isFinished, !isFinished, !hasReducerStrikeDue else { return }
        for reducer in feeds.indices where feeds[reducer].isSettled && !struckReducers.contains(reducer) {
            guard !rankedReducers.contains(reducer), ranking.insert(reducer).inserted else { continue }
            actions.append(.rank(reducer, incarnation: feeds[reducer].incarnation))
        }
        if rankedReducers.count == feeds.count {
            isFinished = true
            actions.append(.finish)
        }
    }

    /// Whether the end must wait for a strike that can still be carried out: with no counts at all it cannot.
    private var hasReducerStrikeDue: Bool {
        guard let chaos, feeds.contains(where: { $0.length > 0 }) else { return false }
        return chaos.pending.contains { $0.kind == .reducer && $0.after <= book.acknowledged }
    }
}
