/// A chunk given to a tokenizer, for the `attempt`-th time; the first attempt is 1.
struct Lease: Hashable, Codable, Sendable {
    var chunk: Chunk
    var attempt: Int
}

/// Who is to blame for the end of a tokenizer.
enum Blame: Hashable, Sendable {
    /// Perhaps the chunk it was counting: after several such ends the chunk is set aside.
    case chunk
    /// A chaos schedule, which chose the moment: that says nothing about the chunk.
    case chaos
}
