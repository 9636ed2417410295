/// How many of the words are shown.
enum Selection: Hashable, Codable, Sendable {
    case top(Int)
    case all
}
