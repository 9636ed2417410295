import Testing

@testable import WordCount

@Suite struct WorkerLedgerTests {
    private let start = ContinuousClock.now

    private func moment(_ milliseconds: Int) -> ContinuousClock.Instant {
        start.advanced(by: .milliseconds(milliseconds))
    }

    @Test func `time is spent on starting, working and waiting`() {
        var ledger = WorkerLedger([.tokenizer(0), .reducer(0)], at: start)
        ledger.becameReady(.tokenizer(0), processID: 7, at: moment(10))
        ledger.worked(.tokenizer(0), bytes: 100, nanoseconds: 30_000_000)
        ledger.worked(.tokenizer(0), bytes: 50, nanoseconds: 20_000_000)
        let summaries = ledger.summaries(at: moment(110))
        let expected = WorkerSummary(
            name: "tokenizer-1", pid: 7, chunks: 2, bytes: 150, startUp: .milliseconds(10),
            working: .milliseconds(50), waiting: .milliseconds(50))
        #expect(summaries[0] == expected)
        // Never ready: all its time was spent on starting.
        let unborn = WorkerSummary(name: "reducer-1", pid: 0, startUp: .milliseconds(110))
        #expect(summaries[1] == unborn)
        #expect(ledger.restarts == 0)
    }

    @Test func `a restart is counted, and the time between is spent on starting`() {
        var ledger = WorkerLedger([.reducer(0)], at: start)
        ledger.becameReady(.reducer(0), processID: 7, at: moment(10))
        ledger.lost(.reducer(0), at: moment(30))
        // One incarnation dies before it is ready.
        ledger.lost(.reducer(0), at: moment(35))
        ledger.becameReady(.reducer(0), processID: 9, at: moment(40))
        let expected = WorkerSummary(
            name: "reducer-1", pid: 9, startUp: .milliseconds(20), waiting: .milliseconds(80), restarts: 1)
        #expect(ledger.summaries(at: moment(100)) == [expected])
        #expect(ledger.restarts == 1)
    }
}
