import RoostTesting
import Testing

@testable import WordCount

/// The actors in processes of their own, without the rest of the cluster.
@Suite struct WorkerActorTests {
    @Test func `a tokenizer counts what it was given, and nothing that was given to its predecessor`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let path = try directory.write("one two two".utf8, to: "text")
        let chunk = Chunk(id: 0, ranges: [FileRange(path: path, start: 0, end: 11, fileSize: 11)])
        try await withTestSystem { test in
            let arguments = Tokenizer.Arguments(mode: .unicode, reducers: 2)
            let tokenizer = try await test.spawn(Tokenizer.self, named: "tokenizer-1", arguments)
            let process = try #require(try await test.processID(of: "tokenizer-1"))
            let report = try await tokenizer.count(chunk, as: process)
            #expect(report?.words == 3 && report?.bytes == 11 && report?.parts.count == 2)
            try await test.kill(tokenizer)
            let late = try await tokenizer.count(chunk, as: process)
            #expect(late == nil)
        }
    }

    @Test func `a reducer ranks what it holds, and its successor holds nothing`() async throws {
        var words = Combiner()
        unsafe Array("word".utf8).withUnsafeBytes { unsafe words.add($0, times: 3) }
        let counts = try #require(words.blobs(partitions: 1).first?.first)
        let delivery = Delivery(chunk: 0, attempt: 1, part: 0, parts: 1, counts: counts)
        try await withTestSystem { test in
            let reducer = try await test.spawn(Reducer.self, named: "reducer-1")
            let process = try #require(try await test.processID(of: "reducer-1"))
            #expect(try await reducer.hold(delivery, as: process) != nil)
            // The same again is no news.
            #expect(try await reducer.hold(delivery, as: process) != nil)
            let page = try await reducer.page(from: 0, .all, as: process)
            #expect(page == RankingPage(words: counts, next: 1, isLast: true))
            try await test.kill(reducer)
            #expect(try await reducer.hold(delivery, as: process) == nil)
            let successor = try #require(try await test.processID(of: "reducer-1"))
            #expect(try await reducer.page(from: 0, .all, as: successor)?.words == [])
        }
    }
}
