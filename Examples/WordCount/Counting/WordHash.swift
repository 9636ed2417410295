/// The hash of a word's bytes: for a place in a table, and for the reducer that a word belongs to.
///
/// It is the same in every process and every run: all tokenizers must agree on the reducer of a word. It folds the
/// 128-bit product of the word's halves (the mixing step of wyhash), which spreads every bit of the word over all
/// 64: tables use the low bits, partitions the high ones.
enum WordHash {
    private static let first: UInt64 = 0xa076_1d64_78bd_642f
    private static let second: UInt64 = 0xe703_7ed1_a0b4_28db

    @inline(__always)
    static func mix(_ low: UInt64, _ high: UInt64) -> UInt64 {
        let product = (low ^ first).multipliedFullWidth(by: high ^ second)
        return product.low ^ product.high
    }

    /// The hash of a word longer than sixteen bytes.
    static func hash(_ word: UnsafeRawBufferPointer) -> UInt64 {
        var hash = UInt64(word.count)
        var rest = unsafe word
        while rest.count > 16 {
            unsafe hash = mix(ShortWord(rest, count: 16).low ^ hash, ShortWord(rest, count: 16).high)
            unsafe rest = unsafe UnsafeRawBufferPointer(rebasing: rest.dropFirst(16))
        }
        let last = unsafe ShortWord(rest, count: rest.count)
        return mix(last.low ^ hash, last.high)
    }

    /// Which of `count` partitions a hash falls into.
    @inline(__always)
    static func partition(_ hash: UInt64, of count: Int) -> Int {
        Int(truncatingIfNeeded: ((hash >> 32) &* UInt64(truncatingIfNeeded: count)) >> 32)
    }
}
