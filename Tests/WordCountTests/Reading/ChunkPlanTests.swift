import Testing

@testable import WordCount

@Suite struct ChunkPlanTests {
    @Test(arguments: [1, 2, 3, 7, 10, 100])
    func `every byte of every file is in one chunk`(chunkSize: Int) {
        let sizes = [5, 1, 1, 20, 3, 7]
        var covered = sizes.map { Array(repeating: 0, count: $0) }
        for chunk in ChunkPlan(files(sizes), chunkSize: chunkSize) {
            #expect((1...chunkSize).contains(chunk.byteCount))
            for range in chunk.ranges {
                let file = Int(range.path.description) ?? -1
                #expect(range.fileSize == sizes[file])
                for place in range.bytes { covered[file][place] += 1 }
            }
        }
        #expect(covered.joined().allSatisfy { $0 == 1 })
    }

    @Test func `chunks are numbered and the plan is the same each time`() {
        let plan = ChunkPlan(files([100, 3, 3]), chunkSize: 30)
        #expect(Array(plan) == Array(plan))
        #expect(plan.map(\.id) == [0, 1, 2, 3])
        #expect(plan.map(\.ranges.count) == [1, 1, 1, 3])
    }

    @Test func `small files share a chunk, up to a number of files`() {
        let plan = ChunkPlan(files(Array(repeating: 1, count: 300)), chunkSize: 1 << 20)
        #expect(plan.map(\.ranges.count) == [128, 128, 44])
    }

    @Test func `the chunk size gives every worker several and stays within limits`() {
        #expect(ChunkPlan.suitableSize(forBytes: 0, workers: 2) == 4 << 10)
        #expect(ChunkPlan.suitableSize(forBytes: 1 << 40, workers: 2) == 4 << 20)
        #expect(ChunkPlan.suitableSize(forBytes: 1_600_000, workers: 2) == 100_000)
        #expect(ChunkPlan.suitableSize(forBytes: 1_600_000, workers: 2, leastChunks: 80) == 20_000)
    }

    private func files(_ sizes: [Int]) -> [FileSurvey.File] {
        sizes.enumerated().map { FileSurvey.File(path: InputPath("\($0.offset)"), size: $0.element) }
    }
}
