/// Counts chunks, one after another, with one set of buffers and tables: all that a tokenizer does.
struct ChunkCounter: ~Copyable {
    private var ranges: RangeCounter
    private var words = Combiner()
    private let reducers: Int
    private let partSize: Int

    init(
        mode: WordMode, reducers: Int, piece: Int = RangeCounter.usualPiece, partSize: Int = 1 << 20
    ) {
        ranges = RangeCounter(mode: mode, piece: piece)
        self.reducers = reducers
        self.partSize = partSize
    }

    /// Counts a chunk.
    ///
    /// A file that cannot be read is a result, not an error: the others are counted.
    mutating func count(_ chunk: Chunk) -> ChunkReport {
        let start = MonotonicTime.nanoseconds
        words.removeAll()
        var bytes = 0
        var problems: [InputProblem] = []
        for range in chunk.ranges {
            do throws(InputProblem) {
                bytes += try count(range, problems: &problems)
            } catch {
                problems.append(error)
            }
        }
        var total: UInt64 = 0
        unsafe words.forEach { _, _, count in total += count }
        return ChunkReport(
            bytes: bytes, words: total, parts: words.blobs(partitions: reducers, partSize: partSize),
            problems: problems, workingNanoseconds: MonotonicTime.nanoseconds - start)
    }

    private mutating func count(
        _ range: FileRange, problems: inout [InputProblem]
    ) throws(InputProblem) -> Int {
        let file = try RegularFile(range.path)
        let outcome: RangeCounter.Outcome
        do throws(SystemError) {
            outcome = try ranges.count(range.bytes, ofSize: range.fileSize, from: file, into: &words)
        } catch {
            throw InputProblem(path: range.path, reason: .unreadable(errno: error.number))
        }
        if outcome.looksBinary {
            problems.append(InputProblem(path: range.path, reason: .binary))
        }
        if let end = outcome.endedEarlyAt {
            let reason = InputProblem.Reason.truncated(expected: range.fileSize, at: min(end, file.size))
            problems.append(InputProblem(path: range.path, reason: reason))
        }
        return outcome.bytes
    }
}
