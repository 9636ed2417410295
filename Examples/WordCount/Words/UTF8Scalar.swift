/// One scalar read from UTF-8, or the finding that there is none.
///
/// Whether a well-formed sequence begins at a place depends on the four bytes from there on and on nothing before
/// them: lead bytes and continuation bytes are disjoint. So everyone who reads a text, from whatever place, finds
/// the same scalars in it. That is what lets a text be cut anywhere.
struct UTF8Scalar {
    let value: UInt32
    /// The length of the sequence; 0 if the bytes are not well-formed.
    let length: Int

    static let malformed = UTF8Scalar(value: 0xfffd, length: 0)

    /// How many bytes before a place must be looked at to know the scalar that ends or straddles there.
    static let lookBehind = 4

    /// The scalar at a place where four bytes are readable.
    @inline(__always)
    @unsafe
    init(at place: UnsafeRawPointer) {
        let lead = unsafe place.load(as: UInt8.self)
        guard lead >= 0x80 else {
            self.init(value: UInt32(lead), length: 1)
            return
        }
        let second = unsafe place.load(fromByteOffset: 1, as: UInt8.self)
        if lead < 0xe0 {
            self =
                lead >= 0xc2 && second & 0xc0 == 0x80
                ? UTF8Scalar(value: UInt32(lead & 0x1f) << 6 | UInt32(second & 0x3f), length: 2)
                : .malformed
            return
        }
        let third = unsafe place.load(fromByteOffset: 2, as: UInt8.self)
        let fourth = unsafe place.load(fromByteOffset: 3, as: UInt8.self)
        self =
            lead < 0xf0
            ? UTF8Scalar(three: lead, second, third) : UTF8Scalar(four: lead, second, third, fourth)
    }

    private init(value: UInt32, length: Int) {
        self.value = value
        self.length = length
    }

    private init(three lead: UInt8, _ second: UInt8, _ third: UInt8) {
        let value = UInt32(lead & 0x0f) << 12 | UInt32(second & 0x3f) << 6 | UInt32(third & 0x3f)
        let shaped = second & 0xc0 == 0x80 && third & 0xc0 == 0x80
        // Shorter forms exist below U+0800, and surrogates are not scalars.
        let isScalar = value >= 0x800 && !(0xd800...0xdfff).contains(value)
        self = shaped && isScalar ? UTF8Scalar(value: value, length: 3) : .malformed
    }

    private init(four lead: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        let upper = UInt32(lead & 0x07) << 18 | UInt32(second & 0x3f) << 12
        let value = upper | UInt32(third & 0x3f) << 6 | UInt32(fourth & 0x3f)
        let shaped =
            lead < 0xf8 && second & 0xc0 == 0x80 && third & 0xc0 == 0x80 && fourth & 0xc0 == 0x80
        let isScalar = (0x10000...0x10ffff).contains(value)
        self = shaped && isScalar ? UTF8Scalar(value: value, length: 4) : .malformed
    }
}
