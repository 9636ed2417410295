/// The numbers of the keys that a value has used, so that each key is written out once.
///
/// Keys come in the same order again and again: within an array of structs, and from one message to the next.
/// The table keeps the strings between messages and remembers which key followed which, so that a key costs one
/// comparison and no hashing. A number is valid for one message.
struct KeyTable {
    private struct Slot {
        var key: String
        /// The message that ``number`` is valid in.
        var message: UInt32 = 0
        var number: Int32 = 0
        /// The slot of the key that last followed this one.
        var follower: Int32 = -1
    }

    private var slots: ContiguousArray<Slot> = []
    /// The slots of the keys of this message, by their number.
    private var order: ContiguousArray<Int32> = []
    private var slotsByKey: [String: Int32] = [:]
    private var message: UInt32 = 1
    private var first: Int32 = -1
    private var last: Int32 = -1

    /// Up to here a scan of the table is quicker than hashing.
    private static let scanned = 8
    /// More keys than this are not kept between messages.
    private static let kept = 256

    /// How many keys have numbers.
    var count: Int { order.count }

    subscript(number: Int32) -> String { slots[Int(order[Int(number)])].key }

    /// The number of `key`, and whether it was given just now.
    @inline(__always)
    mutating func number(of key: String) -> (number: Int32, isNew: Bool) {
        let guess = last < 0 ? first : slots[Int(last)].follower
        let slot = guess >= 0 && slots[Int(guess)].key == key ? guess : search(key)
        last = slot
        if slots[Int(slot)].message == message { return (slots[Int(slot)].number, false) }
        return (define(slot), true)
    }

    private mutating func define(_ slot: Int32) -> Int32 {
        let number = Int32(truncatingIfNeeded: order.count)
        slots[Int(slot)].message = message
        slots[Int(slot)].number = number
        order.append(slot)
        return number
    }

    @inline(never)
    private mutating func search(_ key: String) -> Int32 {
        let known =
            slots.count <= Self.scanned
            ? slots.firstIndex { $0.key == key }.map { Int32(truncatingIfNeeded: $0) } : slotsByKey[key]
        let slot = known ?? add(key)
        if last < 0 { first = slot } else { slots[Int(last)].follower = slot }
        return slot
    }

    private mutating func add(_ key: String) -> Int32 {
        let slot = Int32(truncatingIfNeeded: slots.count)
        slots.append(Slot(key: key))
        if slots.count == Self.scanned + 1 {
            for (index, slot) in slots.enumerated() {
                slotsByKey[slot.key] = Int32(truncatingIfNeeded: index)
            }
        } else if slots.count > Self.scanned {
            slotsByKey[key] = slot
        }
        return slot
    }

    /// Takes back the numbers from `count` on, whose definitions were removed from the bytes.
    mutating func truncate(to count: Int) {
        guard count < order.count else { return }
        for slot in order[count...] { slots[Int(slot)].message = 0 }
        order.removeSubrange(count...)
    }

    /// Takes back all numbers, for the next message.
    mutating func removeAll() {
        order.removeAll(keepingCapacity: order.count <= Self.kept)
        last = -1
        message &+= 1
        // Numbers of four billion messages ago must not be valid again, and many keys not be kept.
        guard slots.count > Self.kept || message == 0 else { return }
        self = KeyTable()
    }
}
