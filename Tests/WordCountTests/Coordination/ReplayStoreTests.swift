import Foundation
import Testing

@testable import WordCount

@Suite struct ReplayStoreTests {
    @Test(arguments: [0, 1, 100, 1_000, 1 << 20])
    func `what is replayed is what was appended, in memory or in the file`(memoryBound: Int) throws {
        var random = SeededGenerator(seed: 6)
        var store = ReplayStore(memoryBound: memoryBound)
        var expected: [Delivery] = []
        for index in 0..<200 {
            let size = Int.random(in: 0...300, using: &random)
            let counts = (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            let delivery = Delivery(chunk: index / 2, attempt: 1, part: index % 2, parts: 2, counts: counts)
            store.append(delivery)
            expected.append(delivery)
            #expect(store.bytesInMemory <= memoryBound)
            let probe = Int.random(in: 0...index, using: &random)
            #expect(try store.delivery(probe) == expected[probe])
        }
        for _ in 0..<2 {
            for index in 0..<store.count { #expect(try store.delivery(index) == expected[index]) }
        }
        let bytes = expected.reduce(0) { $0 + $1.counts.count }
        #expect(store.bytesInMemory + store.bytesInFile == bytes)
        #expect(store.spillFailure == nil)
    }

    @Test func `the temporary file has no name`() throws {
        let directory = try TemporaryDirectory()
        var store = ReplayStore(memoryBound: 0, directory: directory.path)
        store.append(Delivery(chunk: 0, attempt: 1, part: 0, parts: 1, counts: [1, 2, 3]))
        #expect(store.bytesInFile == 3)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).isEmpty)
    }

    @Test func `without a place for the file everything stays in memory and the reason is told`() throws {
        var store = ReplayStore(memoryBound: 1, directory: InputPath("/no/such/directory"))
        for index in 0..<10 {
            store.append(Delivery(chunk: index, attempt: 1, part: 0, parts: 1, counts: [UInt8(index), 1]))
        }
        #expect(store.spillFailure == SystemError(ENOENT))
        #expect(store.bytesInMemory == 20)
        #expect(try store.delivery(7).counts == [7, 1])
    }
}
