/// What a tokenizer found in a chunk.
struct ChunkReport: Codable, Sendable {
    /// How many bytes of the chunk were counted.
    var bytes: Int
    /// How many words were counted.
    var words: UInt64
    /// For each reducer the counts of its words, in parts; see ``Combiner/blobs(partitions:partSize:)``.
    var parts: [[[UInt8]]]
    /// What was left out, or should be known.
    var problems: [InputProblem]
    /// How long the counting took.
    var workingNanoseconds: UInt64
}
