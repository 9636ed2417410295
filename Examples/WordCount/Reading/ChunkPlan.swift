/// Cuts the files of a survey into chunks, one at a time as they are asked for.
///
/// A boundary may fall anywhere, even inside a word or a scalar: ``WordScanner`` says to whom a word belongs. So a
/// plan reads nothing, and the same files give the same plan for a given chunk size.
struct ChunkPlan: Sequence, IteratorProtocol, Sendable {
    /// No chunk holds more files than this, however small they are.
    static let mostFiles = 128

    /// About how large a chunk is, in bytes.
    let chunkSize: Int
    private let files: [FileSurvey.File]
    private var file = 0
    private var offset = 0
    private var nextID = 0

    init(_ files: [FileSurvey.File], chunkSize: Int) {
        precondition(chunkSize > 0, "a chunk holds at least one byte")
        self.files = files
        self.chunkSize = chunkSize
    }

    /// The size of chunk that suits the amount of text.
    ///
    /// Large enough that a chunk's counts are much smaller than its text; small enough that every worker gets
    /// several and that a chunk lost is little lost; and at least `leastChunks` of them, so that a chaos schedule
    /// finds work in flight for each of its kills.
    static func suitableSize(forBytes byteCount: Int, workers: Int, leastChunks: Int = 1) -> Int {
        let wanted = Swift.max(workers * 8, leastChunks)
        return Swift.min(4 << 20, Swift.max(4 << 10, byteCount / Swift.max(1, wanted)))
    }

    /// Whether there is no further chunk.
    var isExhausted: Bool { file == files.count }

    mutating func next() -> Chunk? {
        var ranges: [FileRange] = []
        var room = chunkSize
        while room > 0, ranges.count < Self.mostFiles, file < files.count {
            let current = files[file]
            let end = Swift.min(current.size, offset + room)
            ranges.append(FileRange(path: current.path, start: offset, end: end, fileSize: current.size))
            room -= end - offset
            offset = end
            if end == current.size {
                file += 1
                offset = 0
            }
        }
        guard !ranges.isEmpty else { return nil }
        defer { nextID += 1 }
        return Chunk(id: nextID, ranges: ranges)
    }
}
