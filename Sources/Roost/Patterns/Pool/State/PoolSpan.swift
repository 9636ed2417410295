/// Some tasks of a submission, one after another.
struct PoolSpan: Equatable, Sendable {
    /// The submission's number.
    var ticket: Int
    var range: Range<Int>
    /// Whether each of its tasks is served with no other: one of them may have ended a process.
    var isAlone = false
    /// How many processes have ended while serving it, which is a single task then.
    var deaths = 0
    /// How many processes have ended after it was sent there and before it was begun.
    var misses = 0

    var count: Int { range.count }

    /// Takes its first tasks away, at most `count`.
    mutating func takeFirst(_ count: Int) -> PoolSpan {
        var taken = self
        let middle = range.lowerBound + min(count, range.count)
        taken.range = range.lowerBound..<middle
        range = middle..<range.upperBound
        return taken
    }
}

/// The tasks that wait to be served, in order; what was given back comes first.
struct WaitingSpans {
    /// The last of them is the next to be served.
    private var returned: [PoolSpan] = []
    private var queue: [PoolSpan] = []
    private var head = 0

    var first: PoolSpan? { returned.last ?? (head < queue.count ? queue[head] : nil) }

    mutating func append(_ span: PoolSpan) {
        queue.append(span)
    }

    /// Puts spans before all others, in their order.
    mutating func giveBack(_ spans: [PoolSpan]) {
        returned.append(contentsOf: spans.reversed())
    }

    /// Takes tasks away from the first span, at most `count`.
    mutating func takeFirst(_ count: Int) -> PoolSpan? {
        if var span = returned.popLast() {
            let taken = span.takeFirst(count)
            if !span.range.isEmpty { returned.append(span) }
            return taken
        }
        guard head < queue.count else { return nil }
        let taken = queue[head].takeFirst(count)
        if queue[head].range.isEmpty { dropHead() }
        return taken
    }

    private mutating func dropHead() {
        head += 1
        // Each span is moved at most once more than it was appended.
        if head >= 64 && head * 2 >= queue.count {
            queue.removeFirst(head)
            head = 0
        }
    }

    /// Takes everything away.
    mutating func takeAll() -> [PoolSpan] {
        defer { self = WaitingSpans() }
        return returned.reversed() + queue[head...]
    }

    /// How many spans there are.
    var count: Int { returned.count + queue.count - head }

    /// Forgets those that are not wanted any more.
    mutating func keep(_ isWanted: (PoolSpan) -> Bool) {
        returned = returned.filter(isWanted)
        queue = queue[head...].filter(isWanted)
        head = 0
    }
}
