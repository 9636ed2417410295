/// A part of a chunk's counts on its way to a reducer.
struct Delivery: Hashable, Codable, Sendable {
    /// The chunk's number.
    var chunk: Int
    /// Which attempt at the chunk these counts are from.
    var attempt: Int
    /// Which part this is, from 0.
    var part: Int
    /// How many parts the reducer gets of this attempt.
    var parts: Int
    /// The counts; see ``BlobWriter``.
    var counts: [UInt8]
}
