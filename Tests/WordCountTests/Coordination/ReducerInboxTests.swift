import Testing

@testable import WordCount

@Suite struct ReducerInboxTests {
    @Test func `an attempt of one part is taken over at once`() {
        var inbox = ReducerInbox()
        #expect(inbox.receive(delivery(1, attempt: 1, 0, of: 1)) == .takeOver([[1, 1, 0]]))
    }

    @Test func `parts are held until the attempt is complete, and merged in order`() {
        var inbox = ReducerInbox()
        #expect(inbox.receive(delivery(1, attempt: 1, 2, of: 3)) == .hold)
        #expect(inbox.receive(delivery(1, attempt: 1, 0, of: 3)) == .hold)
        #expect(inbox.heldBytes == 6)
        #expect(
            inbox.receive(delivery(1, attempt: 1, 1, of: 3))
                == .takeOver([[1, 1, 0], [1, 1, 1], [1, 1, 2]]))
        #expect(inbox.heldBytes == 0)
    }

    @Test func `exactly one attempt counts, however parts of several arrive`() {
        for seed: UInt64 in 1...200 {
            var random = SeededGenerator(seed: seed)
            var inbox = ReducerInbox()
            var taken: [Int: [Int]] = [:]
            var parts: [Delivery] = []
            for chunk in 0..<4 {
                for attempt in 1...3 {
                    let count = attempt + 1
                    parts += (0..<count).map { delivery(chunk, attempt: attempt, $0, of: count) }
                }
            }
            parts += parts
            for part in parts.shuffled(using: &random) {
                guard case .takeOver(let blobs) = inbox.receive(part) else { continue }
                #expect(blobs.map { Int($0[2]) } == Array(0..<part.parts), "complete, and in order")
                #expect(Set(blobs.map { $0[1] }).count == 1, "of one attempt")
                taken[part.chunk, default: []].append(part.attempt)
            }
            #expect(taken.count == 4)
            #expect(taken.values.allSatisfy { $0.count == 1 })
            #expect(inbox.heldBytes == 0)
            #expect(inbox.settledCount == 4)
        }
    }

    @Test func `a part held already is ignored`() {
        var inbox = ReducerInbox()
        #expect(inbox.receive(delivery(1, attempt: 1, 0, of: 2)) == .hold)
        #expect(inbox.receive(delivery(1, attempt: 1, 0, of: 2)) == .ignore)
        #expect(inbox.receive(delivery(1, attempt: 1, 1, of: 2)) == .takeOver([[1, 1, 0], [1, 1, 1]]))
        #expect(inbox.receive(delivery(1, attempt: 2, 0, of: 1)) == .ignore)
    }

    @Test func `numbers that contradict each other are refused`() {
        var inbox = ReducerInbox()
        #expect(inbox.receive(delivery(1, attempt: 1, 0, of: 0)) == .refuse)
        #expect(inbox.receive(delivery(1, attempt: 1, 2, of: 2)) == .refuse)
        #expect(inbox.receive(delivery(1, attempt: 1, 0, of: 2)) == .hold)
        #expect(inbox.receive(delivery(1, attempt: 1, 1, of: 3)) == .refuse)
    }

    private func delivery(_ chunk: Int, attempt: Int, _ part: Int, of parts: Int) -> Delivery {
        let counts = [chunk, attempt, part].map { UInt8($0) }
        return Delivery(chunk: chunk, attempt: attempt, part: part, parts: parts, counts: counts)
    }
}
