/// A piece of work for one tokenizer: ranges of bytes of one or more files.
///
/// A large file is cut into many chunks, and many small files are put into one, so that a chunk is worth a message.
struct Chunk: Hashable, Codable, Sendable, Identifiable {
    /// Its number; chunks are numbered in the order in which they are handed out.
    var id: Int
    var ranges: [FileRange]

    /// How many bytes are to be counted.
    var byteCount: Int { ranges.reduce(0) { $0 + $1.bytes.count } }
}

/// A range of bytes of one file.
struct FileRange: Hashable, Codable, Sendable {
    var path: InputPath
    var start: Int
    var end: Int
    /// How long the file was when the work was planned.
    var fileSize: Int

    var bytes: Range<Int> { start..<end }
}
