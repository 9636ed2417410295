/// The sender's side of delivery at least once: what was sent to an actor and is not finished.
///
/// Who was being served when an incarnation died is known exactly from the second time on: redelivered messages
/// are told about when they are begun, and when they are finished. So a message is poison when it has been given
/// to as many incarnations as is allowed, and was being served when the last of them died.
struct Redelivery<Message> {
    private struct Entry {
        var message: Message
        /// How many incarnations may have begun it.
        var attempts = 0
        var isSent = false
        var hasBegun = false
    }

    /// What follows from the death of an incarnation.
    struct Loss {
        /// Wait for the next incarnation, in this order.
        var again: [(message: Message, isRedelivered: Bool)] = []
        /// Are not to be served again.
        var poison: [Message] = []
    }

    let attempts: Int
    private var entries: [UInt64: Entry] = [:]

    /// - Parameter attempts: how many incarnations a message is given to, at least 2.
    init(attempts: Int) {
        self.attempts = max(2, attempts)
    }

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    /// A message leaves, for the first time or again.
    mutating func sent(_ sequence: UInt64, _ message: @autoclosure () -> Message) {
        entries[sequence, default: Entry(message: message())].isSent = true
    }

    /// The message is being served; told of those only that are marked as redelivered.
    mutating func began(_ sequence: UInt64) {
        entries[sequence]?.hasBegun = true
    }

    /// Nothing more will come of it.
    mutating func finished(_ sequence: UInt64) {
        entries[sequence] = nil
    }

    /// The incarnation is dead; the `unwritten` it has certainly not seen.
    mutating func lost(unwritten: Set<UInt64>) -> Loss {
        var loss = Loss()
        for sequence in entries.keys.sorted() {
            guard var entry = entries[sequence] else { continue }
            let isSuspect = entry.hasBegun
            // One that is told about when it begins, and had not begun, was not served this time.
            let mayHaveBegun =
                entry.isSent && !unwritten.contains(sequence) && (isSuspect || entry.attempts == 0)
            if mayHaveBegun { entry.attempts += 1 }
            entry.isSent = false
            entry.hasBegun = false
            if isSuspect && entry.attempts >= attempts {
                entries[sequence] = nil
                loss.poison.append(entry.message)
            } else {
                entries[sequence] = entry
                loss.again.append((entry.message, isRedelivered: entry.attempts > 0))
            }
        }
        return loss
    }

    /// There will be no incarnation any more.
    mutating func removeAll() {
        entries = [:]
    }
}
