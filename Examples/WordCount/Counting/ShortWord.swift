/// A word of up to sixteen bytes, held in two registers and padded with zero bytes.
///
/// No word contains a zero byte, so the padding tells the length, and two words are equal if their registers are.
struct ShortWord: Equatable {
    static let capacity = 16

    var low: UInt64
    var high: UInt64

    @inline(__always)
    init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// The first `count` bytes of a buffer, 1 to 16; reads nothing beyond them.
    @inline(__always)
    @unsafe
    init(_ bytes: UnsafeRawBufferPointer, count: Int) {
        guard count >= 8 else {
            unsafe self.init(low: Self.load(bytes, upTo: count), high: 0)
            return
        }
        let tail = unsafe bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        unsafe self.init(
            low: UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)),
            high: UInt64(littleEndian: tail) >> UInt64((16 - count) * 8))
    }

    /// How many bytes the word has.
    var count: Int {
        high == 0 ? 8 - low.leadingZeroBitCount / 8 : 16 - high.leadingZeroBitCount / 8
    }

    @inline(__always)
    var hash: UInt64 { WordHash.mix(low, high) }

    private static func load(_ bytes: UnsafeRawBufferPointer, upTo count: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<count {
            value |= unsafe UInt64(bytes[index]) << UInt64(index * 8)
        }
        return value
    }
}
