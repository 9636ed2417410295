import Testing

@testable import WordCount

@Suite struct CoordinatorTests {
    @Test func `a run without accidents goes straight through`() throws {
        var coordinator = Coordinator(book: book(chunks: 1), reducers: 1)
        #expect(coordinator.reducerReady(0) == [])
        let started = coordinator.tokenizerReady(0)
        guard case .count(let lease, by: 0)? = started.first else {
            Issue.record("no chunk was given: \(started)")
            return
        }
        let deliver = Coordinator.Action.deliver(entry: 0, to: 0, incarnation: 0)
        #expect(coordinator.reported(lease, by: 0, parts: [1]) == [.keep(lease), deliver])
        #expect(coordinator.entrySettled(by: 0, incarnation: 0) == [.rank(0, incarnation: 0)])
        #expect(coordinator.ranked(0, incarnation: 0) == [.finish])
        #expect(coordinator.redeliveries == 0)
    }

    @Test func `a reducer that dies while it is ranked is fed again and ranked again`() throws {
        var coordinator = Coordinator(book: book(chunks: 1), reducers: 1)
        _ = coordinator.reducerReady(0)
        guard case .count(let lease, by: 0)? = coordinator.tokenizerReady(0).first else { return }
        _ = coordinator.reported(lease, by: 0, parts: [1])
        _ = coordinator.entrySettled(by: 0, incarnation: 0)
        #expect(coordinator.reducerLost(0) == [])
        #expect(coordinator.ranked(0, incarnation: 0) == [], "its last words are not trusted")
        #expect(coordinator.reducerReady(0) == [.deliver(entry: 0, to: 0, incarnation: 1)])
        #expect(coordinator.entrySettled(by: 0, incarnation: 1) == [.rank(0, incarnation: 1)])
        #expect(coordinator.redeliveries == 1)
    }

    @Test func `nothing to count ends at once`() {
        var coordinator = Coordinator(book: book(chunks: 0), reducers: 2)
        _ = coordinator.tokenizerReady(0)
        #expect(coordinator.reducerReady(0) == [.rank(0, incarnation: 0)])
        #expect(coordinator.reducerReady(1) == [.rank(1, incarnation: 0)])
        #expect(coordinator.ranked(1, incarnation: 0) == [])
        #expect(coordinator.ranked(0, incarnation: 0) == [.finish])
    }

    @Test func `an interrupted run ranks what was counted`() {
        var coordinator = Coordinator(book: book(chunks: 9), reducers: 1)
        _ = coordinator.reducerReady(0)
        guard case .count(let lease, by: 0)? = coordinator.tokenizerReady(0).first else { return }
        #expect(coordinator.interrupt() == [.rank(0, incarnation: 0)])
        #expect(coordinator.reported(lease, by: 0, parts: [1]) == [.ignore(lease)])
        #expect(coordinator.ranked(0, incarnation: 0) == [.finish])
    }

    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func `every chunk is counted exactly once whatever dies, and whenever`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let chunks = Int.random(in: 0...30, using: &random)
        let tokenizers = Int.random(in: 1...4, using: &random)
        let reducers = Int.random(in: 1...3, using: &random)
        // Accidents that nobody planned are held against chunks; here they are many, so chunks are patient.
        let coordinator = Coordinator(
            book: book(chunks: chunks, attemptsAllowed: 1_000), reducers: reducers,
            leasesAtOnce: Int.random(in: 1...3, using: &random), window: Int.random(in: 1...4, using: &random)
        )
        var cluster = SimulatedCluster(coordinator, tokenizers: tokenizers, seed: seed, accidents: 60)
        let ended = cluster.run()
        #expect(ended)
        #expect(cluster.result == expected(chunks: 0..<chunks, reducers: reducers))
        #expect(cluster.setAside.isEmpty)
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func `a chaos schedule is carried out whole, costs redeliveries, and changes nothing`(seed: UInt64) {
        let specification = ChaosSpecification(kills: 6, stops: 1, zygoteKills: 1, seed: seed)
        let chunks = 12
        let coordinator = Coordinator(
            book: book(chunks: chunks), reducers: 2, chaos: ChaosSchedule(specification, chunks: chunks))
        var cluster = SimulatedCluster(coordinator, tokenizers: 2, seed: seed)
        let ended = cluster.run()
        #expect(ended)
        #expect(cluster.result == expected(chunks: 0..<chunks, reducers: 2))
        #expect(cluster.setAside.isEmpty, "chaos is not held against a chunk")
        #expect(cluster.strikes.count == 8)
        #expect(Set(cluster.strikes) == Set(ChaosSchedule.Kind.allCases))
        #expect(cluster.coordinator.redeliveries > 0)
    }

    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func `chunks that kill are set aside and all others are counted`(seed: UInt64) {
        let deadly: Set<InputPath> = [InputPath("2"), InputPath("5")]
        let coordinator = Coordinator(book: book(chunks: 8), reducers: 2)
        var cluster = SimulatedCluster(coordinator, tokenizers: 3, seed: seed, deadly: deadly)
        let ended = cluster.run()
        #expect(ended)
        #expect(Set(cluster.setAside.map(\.ranges[0].path)) == deadly)
        #expect(cluster.result == expected(chunks: [0, 1, 3, 4, 6, 7], reducers: 2))
    }

    /// The simulated tokenizers report `(reducer + chunk) % 3` parts of a chunk for each reducer.
    private func expected(chunks: some Sequence<Int>, reducers: Int) -> [Int: Int] {
        var parts: [Int: Int] = [:]
        for chunk in chunks {
            let count = (0..<reducers).reduce(0) { $0 + ($1 + chunk) % 3 }
            if count > 0 { parts[chunk] = count }
        }
        return parts
    }

    private func book(chunks: Int, attemptsAllowed: Int = 3) -> LeaseBook {
        let files = (0..<chunks).map { FileSurvey.File(path: InputPath("\($0)"), size: 10) }
        return LeaseBook(ChunkPlan(files, chunkSize: 10), attemptsAllowed: attemptsAllowed)
    }
}
