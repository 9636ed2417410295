@testable import WordCount

/// A cluster without processes or time: a coordinator, and workers whose every answer is late by chance.
///
/// What is under way lies in a bag; each step takes something out of it at random, or lets somebody die. Messages of
/// the dead are sometimes still delivered. A chunk's "words" are its number, so what a reducer holds in the end
/// tells what was counted and how often.
struct SimulatedCluster {
    private enum Message: Equatable {
        case report(Lease, from: Int)
        case settled(reducer: Int, incarnation: Int)
        case ranked(reducer: Int, incarnation: Int)
        case tokenizerUp(Int), reducerUp(Int)
        case tokenizerDown(Int), reducerDown(Int)
    }

    private(set) var coordinator: Coordinator
    private(set) var setAside: [Chunk] = []
    private(set) var strikes: [ChaosSchedule.Kind] = []
    private(set) var isFinished = false
    /// For each reducer, how often each chunk was counted.
    private(set) var counted: [[Int: Int]]
    private var results: [[Int: Int]?]
    private var inboxes: [ReducerInbox]
    private var logs: [[Delivery]]
    private var bag: [Message] = []
    private var random: SeededGenerator
    private let tokenizers: Int
    /// How likely a step is somebody's unplanned death or lateness, in thousandths.
    private let accidents: Int
    /// Chunks that kill whoever counts them.
    private let deadly: Set<InputPath>

    init(
        _ coordinator: Coordinator, tokenizers: Int, seed: UInt64, accidents: Int = 0,
        deadly: Set<InputPath> = []
    ) {
        let reducers = coordinator.feeds.count
        self.coordinator = coordinator
        self.tokenizers = tokenizers
        self.accidents = accidents
        self.deadly = deadly
        random = SeededGenerator(seed: seed)
        counted = Array(repeating: [:], count: reducers)
        results = Array(repeating: nil, count: reducers)
        inboxes = Array(repeating: ReducerInbox(), count: reducers)
        logs = Array(repeating: [], count: reducers)
        bag = (0..<tokenizers).map { .tokenizerUp($0) } + (0..<reducers).map { .reducerUp($0) }
    }

    /// What was counted, summed over reducers that were ranked: chunk to number of parts.
    var result: [Int: Int] {
        results.compactMap { $0 }.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    }

    /// Runs to the end; returns false if it comes to a standstill or does not end.
    mutating func run(steps: Int = 100_000) -> Bool {
        for _ in 0..<steps where !isFinished {
            if Int.random(in: 0..<1000, using: &random) < accidents { accident() }
            guard let index = bag.indices.randomElement(using: &random) else { return false }
            receive(bag.remove(at: index))
        }
        return isFinished
    }

    private mutating func accident() {
        let tokenizer = Int.random(in: 0..<tokenizers, using: &random)
        let reducer = Int.random(in: 0..<logs.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: killTokenizer(tokenizer)
        case 1: killReducer(reducer)
        default:
            guard !isGone(tokenizer) else { return }
            perform(coordinator.tokenizerOverdue(tokenizer), parts: [:])
        }
    }

    private func isGone(_ tokenizer: Int) -> Bool {
        bag.contains(.tokenizerUp(tokenizer)) || bag.contains(.tokenizerDown(tokenizer))
    }

    private mutating func killTokenizer(_ tokenizer: Int) {
        guard !isGone(tokenizer) else { return }
        // Sometimes the report had already left.
        let survives = Bool.random(using: &random)
        bag.removeAll { message in
            guard case .report(_, from: tokenizer) = message else { return false }
            return !survives
        }
        bag.append(.tokenizerDown(tokenizer))
    }

    private mutating func killReducer(_ reducer: Int) {
        guard !bag.contains(.reducerUp(reducer)), !bag.contains(.reducerDown(reducer)) else { return }
        bag.append(.reducerDown(reducer))
    }

    private mutating func receive(_ message: Message) {
        switch message {
        case .tokenizerUp(let tokenizer): perform(coordinator.tokenizerReady(tokenizer), parts: [:])
        case .tokenizerDown(let tokenizer):
            bag.append(.tokenizerUp(tokenizer))
            perform(coordinator.tokenizerLost(tokenizer), parts: [:])
        case .reducerUp(let reducer): perform(coordinator.reducerReady(reducer), parts: [:])
        case .reducerDown(let reducer):
            inboxes[reducer] = ReducerInbox()
            counted[reducer] = [:]
            bag.append(.reducerUp(reducer))
            perform(coordinator.reducerLost(reducer), parts: [:])
        case .settled(let reducer, let incarnation):
            perform(coordinator.entrySettled(by: reducer, incarnation: incarnation), parts: [:])
        case .ranked(let reducer, let incarnation):
            if coordinator.feeds[reducer].incarnation == incarnation { results[reducer] = counted[reducer] }
            perform(coordinator.ranked(reducer, incarnation: incarnation), parts: [:])
        case .report(let lease, let tokenizer):
            let parts = logs.indices.map { ($0 + lease.chunk.id) % 3 }
            let actions = coordinator.reported(lease, by: tokenizer, parts: parts)
            perform(actions, parts: [lease: parts])
        }
    }

    private mutating func perform(_ actions: [Coordinator.Action], parts: [Lease: [Int]]) {
        for action in actions {
            switch action {
            case .count(let lease, let tokenizer):
                if lease.chunk.ranges.contains(where: { deadly.contains($0.path) }) {
                    bag.append(.tokenizerDown(tokenizer))
                } else {
                    bag.append(.report(lease, from: tokenizer))
                }
            case .keep(let lease):
                for (reducer, count) in (parts[lease] ?? []).enumerated() { keep(lease, count, for: reducer) }
            case .ignore: break
            case .deliver(let entry, let reducer, let incarnation):
                deliver(logs[reducer][entry], to: reducer, incarnation)
            case .rank(let reducer, let incarnation):
                bag.append(.ranked(reducer: reducer, incarnation: incarnation))
            case .setAside(let chunk, _): setAside.append(chunk)
            case .strike(let kind, let number, _):
                strikes.append(kind)
                if kind == .tokenizer { killTokenizer(number) }
                if kind == .reducer { killReducer(number) }
            case .finish: isFinished = true
            }
        }
    }

    private mutating func keep(_ lease: Lease, _ count: Int, for reducer: Int) {
        for part in 0..<count {
            logs[reducer].append(
                Delivery(chunk: lease.chunk.id, attempt: lease.attempt, part: part, parts: count, counts: []))
        }
    }

    private mutating func deliver(_ delivery: Delivery, to reducer: Int, _ incarnation: Int) {
        if case .takeOver(let parts) = inboxes[reducer].receive(delivery) {
            counted[reducer][delivery.chunk, default: 0] += parts.count
        }
        bag.append(.settled(reducer: reducer, incarnation: incarnation))
    }
}
