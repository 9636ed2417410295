/// Counts of the words longer than sixteen bytes, whose bytes lie one after another in one arena.
@safe struct LongWordTable: ~Copyable {
    private struct Slot {
        var hash: UInt64
        var offset: Int
        var length: Int
        var count: UInt64
    }

    private static let smallest = 1 << 8
    private static let empty = Slot(hash: 0, offset: 0, length: 0, count: 0)

    private var slots: [Slot]
    private var arena = WordScratch()
    private var arenaUsed = 0
    /// How many different words there are.
    private(set) var distinct = 0

    init() {
        slots = Array(repeating: Self.empty, count: Self.smallest)
    }

    var byteCount: Int { slots.count * MemoryLayout<Slot>.stride + arena.capacity }

    mutating func add(_ word: UnsafeRawBufferPointer, times: UInt64) {
        let hash = unsafe WordHash.hash(word)
        var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[place].count != 0 {
            if slots[place].hash == hash, unsafe isEqual(slots[place], word) {
                slots[place].count &+= times
                return
            }
            place = (place + 1) & (slots.count - 1)
        }
        slots[place] = unsafe Slot(hash: hash, offset: store(word), length: word.count, count: times)
        distinct += 1
        if distinct * 2 > slots.count { grow() }
    }

    private func isEqual(_ slot: Slot, _ word: UnsafeRawBufferPointer) -> Bool {
        let stored = unsafe bytes(of: slot)
        return unsafe stored.count == word.count && stored.elementsEqual(word)
    }

    private mutating func store(_ word: UnsafeRawBufferPointer) -> Int {
        arena.reserve(arenaUsed + word.count, keeping: arenaUsed)
        let offset = arenaUsed
        if let start = word.baseAddress {
            unsafe (arena.bytes + offset).copyMemory(from: start, byteCount: word.count)
        }
        arenaUsed += word.count
        return offset
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Self.empty, count: old.count * 2)
        for slot in old where slot.count != 0 {
            var place = Int(truncatingIfNeeded: slot.hash) & (slots.count - 1)
            while slots[place].count != 0 { place = (place + 1) & (slots.count - 1) }
            slots[place] = slot
        }
    }

    /// Forgets all words, and gives back the memory if there were many or large ones.
    mutating func removeAll() {
        guard distinct > 0 else { return }
        slots = Array(repeating: Self.empty, count: Self.smallest)
        if arena.capacity > 1 << 20 { arena = WordScratch() }
        arenaUsed = 0
        distinct = 0
    }

    /// Calls `body` for every word, in no particular order; the bytes are good until it returns.
    func forEach(_ body: (_ word: UnsafeRawBufferPointer, _ hash: UInt64, _ count: UInt64) -> Void) {
        for slot in slots where slot.count != 0 {
            unsafe body(bytes(of: slot), slot.hash, slot.count)
        }
    }

    private func bytes(of slot: Slot) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: arena.bytes + slot.offset, count: slot.length)
    }
}
