/// Decides, inside a reducer, which counts are merged.
///
/// Parts are held aside for each chunk and attempt. The first attempt that is complete is taken over; from then on
/// the chunk is settled, and every other part of it, of whatever attempt, is ignored. So exactly one attempt of
/// each chunk counts, however often its parts are sent.
struct ReducerInbox: Sendable {
    /// What to do with a part that has arrived.
    enum Action: Equatable {
        /// It was put aside; the attempt is not complete.
        case hold
        /// The attempt is complete: merge these counts.
        case takeOver([[UInt8]])
        /// It is not needed: the chunk is settled, or the part is held already.
        case ignore
        /// It cannot be: its numbers contradict themselves or other parts.
        case refuse
    }

    private struct Attempt: Hashable {
        var chunk: Int
        var number: Int
    }

    private var settled: Set<Int> = []
    private var held: [Attempt: [Int: Delivery]] = [:]

    /// How many chunks were taken over.
    var settledCount: Int { settled.count }

    /// How many bytes of counts are held aside.
    var heldBytes: Int {
        held.values.reduce(0) { $0 + $1.values.reduce(0) { $0 + $1.counts.count } }
    }

    mutating func receive(_ delivery: Delivery) -> Action {
        guard delivery.parts > 0, (0..<delivery.parts).contains(delivery.part) else { return .refuse }
        guard !settled.contains(delivery.chunk) else { return .ignore }
        let attempt = Attempt(chunk: delivery.chunk, number: delivery.attempt)
        var parts = held[attempt] ?? [:]
        if let other = parts.values.first, other.parts != delivery.parts { return .refuse }
        guard parts.updateValue(delivery, forKey: delivery.part) == nil else { return .ignore }
        guard parts.count == delivery.parts else {
            held[attempt] = parts
            return .hold
        }
        settle(delivery.chunk)
        return .takeOver(parts.sorted { $0.key < $1.key }.map(\.value.counts))
    }

    private mutating func settle(_ chunk: Int) {
        settled.insert(chunk)
        for attempt in held.keys where attempt.chunk == chunk { held.removeValue(forKey: attempt) }
    }
}
