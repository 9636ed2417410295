/// The memory through which a text passes in pieces: filled at the end, consumed from the front.
@safe struct ReadBuffer: ~Copyable {
    private var memory: UnsafeMutableRawPointer
    private(set) var capacity: Int
    private(set) var count = 0

    /// A buffer for `capacity` bytes, and the padding that scanners need.
    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        unsafe memory = .allocate(byteCount: self.capacity + PaddedBytes.padding, alignment: 16)
    }

    deinit {
        unsafe memory.deallocate()
    }

    var freeSpace: Int { capacity - count }

    /// Lets `read` put up to `limit` bytes after those already there; it returns how many it put.
    mutating func fill<Failure: Error>(
        upTo limit: Int, _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        let space = unsafe UnsafeMutableRawBufferPointer(start: memory + count, count: min(limit, freeSpace))
        let added = unsafe try read(space)
        count += added
        unsafe (memory + count).initializeMemory(as: UInt8.self, repeating: 0, count: PaddedBytes.padding)
        return added
    }

    /// What is in the buffer: a view that is good until the buffer is next changed.
    var text: PaddedBytes { unsafe PaddedBytes(start: memory, count: count) }

    /// Drops the bytes before `start` and moves the others to the front.
    mutating func consume(upTo start: Int) {
        guard start > 0 else { return }
        unsafe memory.copyMemory(from: memory + start, byteCount: count - start)
        count -= start
        unsafe (memory + count).initializeMemory(as: UInt8.self, repeating: 0, count: PaddedBytes.padding)
    }

    /// Doubles the buffer, for a word that is larger than it.
    mutating func grow() {
        let larger = UnsafeMutableRawPointer.allocate(
            byteCount: capacity * 2 + PaddedBytes.padding, alignment: 16)
        unsafe larger.copyMemory(from: memory, byteCount: count + PaddedBytes.padding)
        unsafe memory.deallocate()
        unsafe memory = unsafe larger
        capacity *= 2
    }

    /// Empties the buffer, and gives back the memory beyond `usual` bytes.
    mutating func reset(toCapacity usual: Int) {
        count = 0
        if capacity > max(usual, 64) { self = ReadBuffer(capacity: usual) }
    }
}
