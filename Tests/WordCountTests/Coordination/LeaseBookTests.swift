import Testing

@testable import WordCount

@Suite struct LeaseBookTests {
    @Test func `chunks are given in order, then there is nothing more`() throws {
        var book = book(files: 2)
        let first = try lease(&book, 0)
        let second = try lease(&book, 1)
        #expect([first.chunk.id, second.chunk.id] == [0, 1])
        #expect(book.tokenizerIsFree(2) == .wait)
        #expect(book.reported(first, by: 0) == .accept)
        #expect(book.reported(second, by: 1) == .accept)
        #expect(book.tokenizerIsFree(2) == .finish)
        #expect(book.isFinished)
        #expect(book.acknowledged == 2)
    }

    @Test func `the chunk of a tokenizer that died goes to the next one, before new chunks`() throws {
        var book = book(files: 3)
        let first = try lease(&book, 0)
        #expect(book.tokenizerLost(0, blame: .chunk) == [.giveAgain(first.chunk)])
        let again = try lease(&book, 1)
        #expect(again.chunk == first.chunk)
        #expect(again.attempt == 2)
        #expect(book.redeliveries == 1)
    }

    @Test func `a chunk that kills three tokenizers is set aside with its range`() throws {
        var book = book(files: 1)
        for attempt in 1...3 {
            let lease = try lease(&book, attempt)
            let expected: LeaseBook.LossAction =
                attempt < 3 ? .giveAgain(lease.chunk) : .setAside(lease.chunk, attempts: 3)
            #expect(book.tokenizerLost(attempt, blame: .chunk) == [expected])
        }
        #expect(book.isFinished)
    }

    @Test func `deaths by chaos are not held against a chunk`() throws {
        var book = book(files: 1)
        for _ in 0..<10 {
            let lease = try lease(&book, 0)
            #expect(book.tokenizerLost(0, blame: .chaos) == [.giveAgain(lease.chunk)])
        }
    }

    @Test func `a deadly chunk of several files is split, and only the deadly file is set aside`() throws {
        var book = book(files: 3, chunkSize: 100)
        for _ in 0..<3 {
            _ = try lease(&book, 0)
            _ = book.tokenizerLost(0, blame: .chunk)
        }
        var setAside: [Chunk] = []
        var accepted: [Chunk] = []
        while case .count(let lease) = book.tokenizerIsFree(0) {
            #expect(lease.chunk.ranges.count == 1)
            if lease.chunk.ranges[0].path == InputPath("1") {
                for case .setAside(let chunk, attempts: 3) in book.tokenizerLost(0, blame: .chunk) {
                    setAside.append(chunk)
                }
            } else if book.reported(lease, by: 0) == .accept {
                accepted.append(lease.chunk)
            }
        }
        #expect(setAside.map(\.ranges[0].path.description) == ["1"])
        #expect(accepted.map(\.ranges[0].path.description) == ["0", "2"])
        #expect(book.isFinished)
    }

    @Test func `a report that comes late is accepted if it is the first, and ignored if it is not`() throws {
        var book = book(files: 1)
        let first = try lease(&book, 0)
        _ = book.tokenizerOverdue(0, blame: .chunk)
        let second = try lease(&book, 1)
        #expect(book.reported(first, by: 0) == .accept)
        #expect(book.reported(second, by: 1) == .ignoreDuplicate)
        #expect(book.duplicates == 1)
        #expect(book.acknowledged == 1)
    }

    @Test func `a late report takes its chunk out of the queue`() throws {
        var book = book(files: 1)
        let first = try lease(&book, 0)
        _ = book.tokenizerOverdue(0, blame: .chunk)
        #expect(book.reported(first, by: 0) == .accept)
        #expect(book.tokenizerIsFree(1) == .finish)
    }

    @Test func `the report of a tokenizer that was struck is ignored, and its chunk counted again`() throws {
        var book = book(files: 1)
        let first = try lease(&book, 0)
        book.revokeLeases(of: 0)
        #expect(book.reported(first, by: 0) == .ignoreDuplicate)
        #expect(book.tokenizerLost(0, blame: .chaos) == [.giveAgain(first.chunk)])
        let second = try lease(&book, 0)
        #expect(book.reported(first, by: 0) == .ignoreDuplicate)
        #expect(book.reported(second, by: 0) == .accept)
        #expect(book.redeliveries == 1)
    }

    @Test func `of several leases only the oldest is blamed for a death`() throws {
        var book = book(files: 2)
        for _ in 0..<2 {
            _ = try lease(&book, 0)
            _ = try lease(&book, 0)
            #expect(book.tokenizerLost(0, blame: .chunk).count == 2)
        }
        let first = try lease(&book, 0)
        _ = try lease(&book, 0)
        #expect(book.tokenizerLost(0, blame: .chunk).first == .setAside(first.chunk, attempts: 3))
        #expect(!book.isFinished)
    }

    private func lease(_ book: inout LeaseBook, _ tokenizer: Int) throws -> Lease {
        guard case .count(let lease) = book.tokenizerIsFree(tokenizer) else { throw NoLease() }
        return lease
    }

    private struct NoLease: Error {}

    private func book(files: Int, chunkSize: Int = 10) -> LeaseBook {
        let files = (0..<files).map { FileSurvey.File(path: InputPath("\($0)"), size: 10) }
        return LeaseBook(ChunkPlan(files, chunkSize: chunkSize))
    }
}
