/// What one consumer has been leased, under numbers that count up from 1.
///
/// Leases are mostly settled in their order: they stand in an array, and a number says where. What others overtake by
/// far moves into a dictionary, so that one lease that is held for long does not keep the places of all that follow.
struct LeaseTable<Value> {
    /// So many places are kept before anything is moved.
    private static var slack: Int { 1_024 }

    /// Where number `first` and those that follow stand; nil when settled.
    private var recent: [Value?] = []
    private var first: UInt64 = 1
    /// How many places at the front are settled.
    private var head = 0
    private var overtaken: [UInt64: Value] = [:]
    private(set) var count = 0

    /// The number given last; 0 before the first.
    var last: UInt64 { first + UInt64(recent.count) - 1 }

    /// Adds a lease; returns its number.
    mutating func append(_ value: Value) -> UInt64 {
        if recent.count - head >= Self.slack && recent.count - head >= 4 * count { overtake() }
        recent.append(value)
        count += 1
        return last
    }

    /// Takes a lease out; nil if there is none with this number.
    mutating func remove(_ number: UInt64) -> Value? {
        guard let place = place(of: number) else {
            guard let value = overtaken.removeValue(forKey: number) else { return nil }
            count -= 1
            return value
        }
        guard let value = recent[place].take() else { return nil }
        count -= 1
        if place == head { trim() }
        return value
    }

    /// Changes a lease, if there is one with this number.
    mutating func update(_ number: UInt64, _ change: (inout Value) -> Void) {
        guard let place = place(of: number) else {
            guard var value = overtaken[number] else { return }
            change(&value)
            overtaken[number] = value
            return
        }
        guard var value = recent[place].take() else { return }
        change(&value)
        recent[place] = value
    }

    /// The leases after this number, in their order.
    func all(after number: UInt64 = 0) -> [(number: UInt64, value: Value)] {
        let older = overtaken.filter { $0.key > number }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let newer = recent.indices.compactMap { place in
            recent[place].flatMap { value in
                first + UInt64(place) > number ? (first + UInt64(place), value) : nil
            }
        }
        return older + newer
    }

    private func place(of number: UInt64) -> Int? {
        guard number >= first, number - first < UInt64(recent.count) else { return nil }
        return Int(number - first)
    }

    // What is settled at the front is forgotten, now and then.
    private mutating func trim() {
        while head < recent.count && recent[head] == nil { head += 1 }
        if head == recent.count || head >= Self.slack && head * 2 >= recent.count {
            first += UInt64(head)
            recent.removeFirst(head)
            head = 0
        }
    }

    private mutating func overtake() {
        for place in recent.indices {
            if let value = recent[place].take() { overtaken[first + UInt64(place)] = value }
        }
        first += UInt64(recent.count)
        recent.removeAll(keepingCapacity: true)
        head = 0
    }
}

extension LeaseTable: Sendable where Value: Sendable {}
