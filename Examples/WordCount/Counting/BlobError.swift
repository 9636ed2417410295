/// What is wrong with a blob of counts.
///
/// `offset` is where in the blob, in bytes.
enum BlobError: Error, Equatable {
    /// The blob ends within an entry.
    case truncated(offset: Int)
    /// A number does not fit into 64 bits, or is written in more bytes than it needs.
    case badNumber(offset: Int)
    /// A word of no bytes.
    case emptyWord(offset: Int)
    /// A word that occurs zero times.
    case zeroCount(offset: Int)
    /// A word with a zero byte in it: no scanner finds one, and the short table relies on that.
    case zeroByte(offset: Int)
}

extension BlobError: CustomStringConvertible {
    var description: String {
        switch self {
        case .truncated(let offset): "the counts end within an entry, at byte \(offset)"
        case .badNumber(let offset): "a number in the counts is malformed, at byte \(offset)"
        case .emptyWord(let offset): "a word in the counts is empty, at byte \(offset)"
        case .zeroCount(let offset): "a word in the counts occurs zero times, at byte \(offset)"
        case .zeroByte(let offset): "a word in the counts contains a zero byte, at byte \(offset)"
        }
    }
}
