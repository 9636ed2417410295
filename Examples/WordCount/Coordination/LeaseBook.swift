/// Who counts which chunk, and what becomes of a chunk when its tokenizer dies.
///
/// A chunk is *waiting*, *open* (leased once or more, not yet reported), or done with: reported, split, or set
/// aside. A tokenizer may hold several leases, which it counts in order. When it is lost, or overdue, what it held
/// waits again and goes to the next free tokenizer, before chunks that nobody has seen. The first complete report
/// of a chunk is accepted, from whichever attempt; every other is a duplicate.
///
/// The oldest lease of a tokenizer that was lost is the one it was counting. Each such loss is held against the
/// chunk, unless chaos is to blame; at ``attemptsAllowed`` a chunk of several files is split into one chunk for each,
/// with a clean record, and a chunk of one file is set aside.
struct LeaseBook: Sendable {
    /// What a free tokenizer should do.
    enum FreeAction: Equatable {
        case count(Lease)
        /// Nothing to do now; a chunk may come back.
        case wait
        /// Nothing to do ever again.
        case finish
    }

    /// What to do with a report.
    enum ReportAction: Equatable {
        case accept
        case ignoreDuplicate
    }

    /// What became of the chunks of a tokenizer that was lost or overdue.
    enum LossAction: Equatable {
        case giveAgain(Chunk)
        case split(Chunk, into: Int)
        case setAside(Chunk, attempts: Int)
    }

    private struct OpenChunk {
        var chunk: Chunk
        var attempts = 0
        var deaths = 0
    }

    let attemptsAllowed: Int
    private var plan: ChunkPlan
    private var waiting: [Int] = []
    private var open: [Int: OpenChunk] = [:]
    private var held: [Int: [Lease]] = [:]
    private var revoked: Set<Lease> = []
    private var nextID = 0
    private var isStopped = false

    /// How many chunks were accepted.
    private(set) var acknowledged = 0
    /// How many times a chunk was given to a tokenizer again.
    private(set) var redeliveries = 0
    /// How many reports were ignored.
    private(set) var duplicates = 0

    init(_ plan: ChunkPlan, attemptsAllowed: Int = 3) {
        precondition(attemptsAllowed > 0, "a chunk is tried at least once")
        self.plan = plan
        self.attemptsAllowed = attemptsAllowed
    }

    /// Whether every chunk is done with.
    var isFinished: Bool { (isStopped || plan.isExhausted) && open.isEmpty }

    /// How many leases a tokenizer holds.
    func leases(of tokenizer: Int) -> Int { held[tokenizer]?.count ?? 0 }

    /// A tokenizer has room for a lease.
    mutating func tokenizerIsFree(_ tokenizer: Int) -> FreeAction {
        guard let id = nextChunk(), var chunk = open[id] else {
            return isFinished ? .finish : .wait
        }
        chunk.attempts += 1
        if chunk.attempts > 1 { redeliveries += 1 }
        open[id] = chunk
        let lease = Lease(chunk: chunk.chunk, attempt: chunk.attempts)
        held[tokenizer, default: []].append(lease)
        return .count(lease)
    }

    /// A tokenizer has counted a chunk.
    mutating func reported(_ lease: Lease, by tokenizer: Int) -> ReportAction {
        guard !revoked.contains(lease) else {
            duplicates += 1
            return .ignoreDuplicate
        }
        held[tokenizer]?.removeAll { $0 == lease }
        guard open.removeValue(forKey: lease.chunk.id) != nil else {
            duplicates += 1
            return .ignoreDuplicate
        }
        waiting.removeAll { $0 == lease.chunk.id }
        acknowledged += 1
        return .accept
    }

    /// A tokenizer is being struck by chaos: what it may still report of its leases is not listened to.
    ///
    /// Without that, a strike that comes a moment too late would cost nothing, and be no test.
    mutating func revokeLeases(of tokenizer: Int) {
        revoked.formUnion(held[tokenizer] ?? [])
    }

    /// A tokenizer has died; whatever it still held comes back.
    mutating func tokenizerLost(_ tokenizer: Int, blame: Blame) -> [LossAction] {
        giveBack(held.removeValue(forKey: tokenizer) ?? [], blame: blame)
    }

    /// A tokenizer has not reported in time.
    ///
    /// Its chunks go to others, as if it had died; should it report after all, the first report counts.
    mutating func tokenizerOverdue(_ tokenizer: Int, blame: Blame) -> [LossAction] {
        tokenizerLost(tokenizer, blame: blame)
    }

    /// No chunk is to be given out any more; those open are given up.
    mutating func stop() {
        isStopped = true
        waiting = []
        open = [:]
    }

    private mutating func nextChunk() -> Int? {
        if !waiting.isEmpty { return waiting.removeFirst() }
        guard !isStopped, let chunk = plan.next() else { return nil }
        return openChunk(chunk.ranges)
    }

    private mutating func openChunk(_ ranges: [FileRange]) -> Int {
        defer { nextID += 1 }
        open[nextID] = OpenChunk(chunk: Chunk(id: nextID, ranges: ranges))
        return nextID
    }

    private mutating func giveBack(_ leases: [Lease], blame: Blame) -> [LossAction] {
        var actions: [LossAction] = []
        for (index, lease) in leases.enumerated() {
            // Not open: another attempt was accepted. It never waits already: who is given back holds nothing.
            guard var chunk = open[lease.chunk.id] else { continue }
            if index == 0 && blame == .chunk { chunk.deaths += 1 }
            open[lease.chunk.id] = chunk
            actions.append(decide(chunk))
        }
        return actions
    }

    private mutating func decide(_ chunk: OpenChunk) -> LossAction {
        guard chunk.deaths >= attemptsAllowed else {
            waiting.append(chunk.chunk.id)
            return .giveAgain(chunk.chunk)
        }
        open.removeValue(forKey: chunk.chunk.id)
        guard chunk.chunk.ranges.count > 1 else {
            return .setAside(chunk.chunk, attempts: chunk.deaths)
        }
        for range in chunk.chunk.ranges { waiting.append(openChunk([range])) }
        return .split(chunk.chunk, into: chunk.chunk.ranges.count)
    }
}
