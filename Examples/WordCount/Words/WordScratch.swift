/// Memory in which a lower-cased word is put together when it does not fit into two registers.
@safe struct WordScratch: ~Copyable {
    private(set) var bytes: UnsafeMutableRawPointer
    private(set) var capacity: Int

    init() {
        capacity = 1024
        unsafe bytes = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        unsafe bytes.deallocate()
    }

    /// Makes room for `needed` bytes, keeping the first `used`.
    @inline(__always)
    mutating func reserve(_ needed: Int, keeping used: Int) {
        if needed > capacity { grow(to: needed, keeping: used) }
    }

    @inline(never)
    private mutating func grow(to needed: Int, keeping used: Int) {
        let larger = max(needed, capacity * 2)
        let fresh = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        unsafe fresh.copyMemory(from: bytes, byteCount: used)
        unsafe bytes.deallocate()
        unsafe bytes = unsafe fresh
        capacity = larger
    }
}
