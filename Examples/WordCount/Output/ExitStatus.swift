/// What the program's end says.
enum ExitStatus: Int32, Sendable {
    /// Everything was counted.
    case everythingCounted = 0
    /// The arguments cannot work; nothing was counted.
    case badArguments = 2
    /// Something was left out, and named: in the counts, or on the way to standard output.
    case somethingLeftOut = 3
    /// Ended by Ctrl-C.
    case interrupted = 130
}
