/// Counts of the words of up to sixteen bytes: an open-addressing table with the words in its slots.
///
/// Nearly every word of nearly every text is this short. Looking one up is a multiplication and one or two
/// comparisons of registers in one cache line: no pointer to follow, no bytes to compare.
@safe struct ShortWordTable: ~Copyable {
    private struct Slot {
        var low: UInt64
        var high: UInt64
        var count: UInt64
    }

    private static let smallest = 1 << 12

    private var slots: UnsafeMutablePointer<Slot>
    private var mask: Int
    /// How many words more may be added before the table grows: it is kept at most three quarters full.
    private var room: Int
    /// How many different words there are.
    private(set) var distinct = 0

    init() {
        unsafe slots = Self.makeSlots(Self.smallest)
        mask = Self.smallest - 1
        room = Self.room(ofSize: Self.smallest)
    }

    deinit {
        unsafe slots.deallocate()
    }

    var byteCount: Int { (mask + 1) * MemoryLayout<Slot>.stride }

    @inline(__always)
    mutating func add(_ word: ShortWord, times: UInt64) {
        var place = Int(truncatingIfNeeded: word.hash) & mask
        while true {
            let slot = unsafe slots + place
            if unsafe slot.pointee.low == word.low && slot.pointee.high == word.high {
                unsafe slot.pointee.count &+= times
                return
            }
            if unsafe slot.pointee.count == 0 { break }
            place = (place &+ 1) & mask
        }
        insert(word, times: times, at: place)
    }

    @inline(never)
    private mutating func insert(_ word: ShortWord, times: UInt64, at place: Int) {
        unsafe slots[place] = Slot(low: word.low, high: word.high, count: times)
        distinct += 1
        room -= 1
        if room == 0 { grow() }
    }

    private mutating func grow() {
        let old = unsafe UnsafeMutableBufferPointer(start: slots, count: mask + 1)
        let size = old.count * 2
        unsafe slots = Self.makeSlots(size)
        mask = size - 1
        room = Self.room(ofSize: size) - distinct
        for index in old.indices where unsafe old[index].count != 0 {
            let slot = unsafe old[index]
            var place = Int(truncatingIfNeeded: WordHash.mix(slot.low, slot.high)) & mask
            while unsafe slots[place].count != 0 { place = (place + 1) & mask }
            unsafe slots[place] = slot
        }
        unsafe old.deallocate()
    }

    /// Forgets all words.
    ///
    /// A table that one unusual chunk made large is made small again.
    mutating func removeAll() {
        if distinct * 16 < mask {
            unsafe slots.deallocate()
            let size = max(Self.smallest, (mask + 1) / 2)
            unsafe slots = Self.makeSlots(size)
            mask = size - 1
        } else {
            unsafe slots.update(repeating: Slot(low: 0, high: 0, count: 0), count: mask + 1)
        }
        distinct = 0
        room = Self.room(ofSize: mask + 1)
    }

    /// Calls `body` for every word, in no particular order.
    func forEach(_ body: (_ word: ShortWord, _ count: UInt64) -> Void) {
        for place in 0...mask {
            let slot = unsafe slots[place]
            if slot.count != 0 { body(ShortWord(low: slot.low, high: slot.high), slot.count) }
        }
    }

    private static func room(ofSize size: Int) -> Int {
        size / 4 * 3
    }

    private static func makeSlots(_ count: Int) -> UnsafeMutablePointer<Slot> {
        let slots = UnsafeMutablePointer<Slot>.allocate(capacity: count)
        unsafe slots.initialize(repeating: Slot(low: 0, high: 0, count: 0), count: count)
        return unsafe slots
    }
}
