/// Eight bytes of text looked at in one register.
///
/// English words are five letters long, so one load usually holds a whole word and the byte that ends it; finding
/// that byte costs a dozen instructions and no branch for each byte. Masks carry `0x80` in the lane of each byte
/// that fits; lane 0, the first byte in memory, is the lowest.
enum ByteLanes {
    /// The top bit of every lane.
    static let topBits: UInt64 = 0x8080_8080_8080_8080

    /// The bit that is set in lower-case letters, and in digits, and clear in upper-case letters.
    static let lowerCaseBits: UInt64 = 0x2020_2020_2020_2020

    /// The eight bytes at a place that need not be aligned; the caller answers for all eight being readable.
    @inline(__always)
    static func load(_ place: UnsafeRawPointer) -> UInt64 {
        unsafe UInt64(littleEndian: place.loadUnaligned(as: UInt64.self))
    }

    /// Which lanes hold a letter of ASCII.
    @inline(__always)
    static func letters(_ lanes: UInt64) -> UInt64 {
        let folded = (lanes | lowerCaseBits) & ~topBits
        let fromA = folded &+ repeated(0x80 - UInt8(ascii: "a"))
        let afterZ = folded &+ repeated(0x7f - UInt8(ascii: "z"))
        return fromA & ~afterZ & ~lanes & topBits
    }

    /// Which lanes hold a letter or a digit of ASCII.
    @inline(__always)
    static func lettersAndDigits(_ lanes: UInt64) -> UInt64 {
        let low = lanes & ~topBits
        let fromZero = low &+ repeated(0x80 - UInt8(ascii: "0"))
        let afterNine = low &+ repeated(0x7f - UInt8(ascii: "9"))
        return letters(lanes) | (fromZero & ~afterNine & ~lanes & topBits)
    }

    /// How many lanes come before the first one marked; 8 if none is.
    @inline(__always)
    static func firstMarked(_ mask: UInt64) -> Int {
        mask.trailingZeroBitCount >> 3
    }

    /// The first `count` lanes, 0 to 7, the others zero.
    @inline(__always)
    static func first(_ count: Int, of lanes: UInt64) -> UInt64 {
        lanes & ((1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1)
    }

    @inline(__always)
    private static func repeated(_ byte: UInt8) -> UInt64 {
        UInt64(byte) &* 0x0101_0101_0101_0101
    }
}
