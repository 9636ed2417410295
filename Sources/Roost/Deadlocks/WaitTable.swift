internal import RoostPlatform

/// The calls that a process's actors wait for, and when to look whether one has taken long.
///
/// A call that is answered soon costs a place in a list. Somebody has to look only while there are calls,
/// every 50 ms at most, and not at all once all of them have been found to take long.
struct WaitTable<Call> {
    /// A wait that is longer may be a deadlock.
    static var patience: Duration { .milliseconds(50) }
    private static var shortestPause: Duration { .milliseconds(10) }

    private struct Entry {
        var call: Call
        var made: Monotonic
    }

    private var slots: [Entry?] = []
    private var free: [Int] = []
    private var isWatched = false
    /// The calls made until then have been reported, if they took long.
    private var reportedUntil = Monotonic(nanoseconds: 0)

    /// A call is waited for; `look` says when to look, if nobody is going to.
    mutating func insert(_ call: Call, made: Monotonic) -> (slot: Int, look: Monotonic?) {
        let slot = free.popLast() ?? slots.count
        if slot == slots.count { slots.append(nil) }
        slots[slot] = Entry(call: call, made: made)
        if isWatched { return (slot, nil) }
        isWatched = true
        return (slot, made.advanced(by: Self.patience))
    }

    mutating func remove(_ slot: Int) {
        slots[slot] = nil
        free.append(slot)
    }

    /// The calls that have taken long.
    func overdue(at now: Monotonic) -> [Call] {
        let bound = now.advanced(by: .zero - Self.patience)
        return slots.compactMap { $0 }.filter { $0.made <= bound }.map(\.call)
    }

    /// All of them.
    var calls: [Call] { slots.compactMap { $0?.call } }

    struct LookedAction: Equatable {
        /// A call that has not been reported takes long.
        var isReportDue: Bool
        /// When to look again; nil when there is nothing to look for.
        var next: Monotonic?
    }

    mutating func looked(at now: Monotonic) -> LookedAction {
        let bound = now.advanced(by: .zero - Self.patience)
        let made = slots.compactMap { $0?.made }
        let isReportDue = made.contains { $0 <= bound && $0 > reportedUntil }
        reportedUntil = max(reportedUntil, bound)
        let young = made.filter { $0 > bound }.min()
        isWatched = young != nil
        let next = young.map {
            max($0.advanced(by: Self.patience), now.advanced(by: Self.shortestPause))
        }
        return LookedAction(isReportDue: isReportDue, next: next)
    }
}
