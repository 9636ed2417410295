import Testing

@testable import WordCount

@Suite struct ReplayLogsTests {
    private let lease = Lease(chunk: Chunk(id: 4, ranges: []), attempt: 2)

    @Test func `each reducer has its parts in its own log, numbered`() throws {
        let logs = ReplayLogs(reducers: 2, memory: 1 << 20)
        logs.keep([[[1], [2, 3]], []], of: lease)
        logs.keep([[], [[4]]], of: lease)
        let first = Delivery(chunk: 4, attempt: 2, part: 0, parts: 2, counts: [1])
        let second = Delivery(chunk: 4, attempt: 2, part: 1, parts: 2, counts: [2, 3])
        #expect(try logs.delivery(0, to: 0) == first)
        #expect(try logs.delivery(1, to: 0) == second)
        #expect(try logs.delivery(0, to: 1) == Delivery(chunk: 4, attempt: 2, part: 0, parts: 1, counts: [4]))
        #expect(logs.newFailure() == nil)
    }
}
