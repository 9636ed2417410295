/// What a reducer has been given, is being given, and must be given again.
///
/// All that a reducer ever gets is a log, kept in a ``ReplayStore``. Its present incarnation is somewhere along
/// that log: giving it the next entry and replaying to a successor are the same thing, from another place. A
/// reducer that died begins at the start, with nothing counted twice, because its counts died with it.
struct ReducerFeed: Sendable {
    /// How many entries may be under way at once.
    let window: Int

    /// How many entries the log has.
    private(set) var length = 0
    /// Which life of the reducer is being fed; answers from earlier ones are ignored.
    private(set) var incarnation = 0
    /// Whether the reducer can be given entries.
    private(set) var isUp = false
    /// How many entries the present incarnation has taken.
    private(set) var settled = 0
    /// How many entries were sent again to a successor.
    private(set) var redeliveries = 0
    private var next = 0
    private var furthest = 0

    init(window: Int = 4) {
        precondition(window > 0, "a reducer is given at least one entry at a time")
        self.window = window
    }

    /// Whether the reducer has taken all there is.
    var isSettled: Bool { isUp && settled == length }

    /// Entries were added to the log.
    mutating func appended(_ count: Int) {
        length += count
    }

    /// A reducer is there: the first, or the successor of one that died.
    mutating func reducerReady() {
        isUp = true
    }

    /// The reducer has died.
    mutating func reducerLost() {
        isUp = false
        incarnation += 1
        next = 0
        settled = 0
    }

    /// The reducer has taken an entry; false if that was an earlier incarnation.
    mutating func entrySettled(incarnation: Int) -> Bool {
        guard isUp, incarnation == self.incarnation, settled < next else { return false }
        settled += 1
        return true
    }

    /// The entries to send now, in order.
    mutating func entriesToSend() -> Range<Int> {
        guard isUp else { return next..<next }
        let end = min(length, settled + window)
        let entries = next..<max(next, end)
        redeliveries += min(furthest, entries.upperBound) - min(furthest, entries.lowerBound)
        next = entries.upperBound
        furthest = max(furthest, next)
        return entries
    }
}
