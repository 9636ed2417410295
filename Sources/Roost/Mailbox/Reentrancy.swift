/// How an actor's messages share it.
///
/// An actor type chooses with ``ProcessActor/reentrancy``:
///
/// ```swift
/// distributed actor Fetcher: ProcessActor {
///     static var reentrancy: Reentrancy { .reentrant }
///
///     distributed func fetch(_ page: Int) async throws -> String {
///         try await Task.sleep(for: .milliseconds(100))    // others are begun meanwhile
///         return "page \(page)"
///     }
/// }
/// ```
public enum Reentrancy: Hashable, Sendable {
    /// A message is served to its end, across its `await`s, before the next is begun.
    case serial
    /// The next message is begun when the one begun before it suspends or ends, as in Swift's own actors.
    ///
    /// Messages begin in the order in which they came, and what they do between two `await`s is still
    /// theirs alone; after an `await` the actor's state may be another. As many may be under way as the
    /// mailbox takes.
    case reentrant
}
