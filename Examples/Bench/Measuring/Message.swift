/// The bytes that are sent: numbered, so that a lost, repeated or mixed-up message is noticed.
struct Message: Sendable {
    private(set) var bytes: [UInt8]

    /// A message of `size` bytes, at least 8, that are not all the same.
    init(size: Int) {
        precondition(size >= 8, "a message has room for its number and its last byte")
        bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
    }

    /// Writes the message's number into its first four bytes.
    mutating func number(_ number: Int) {
        let number = UInt32(truncatingIfNeeded: number)
        bytes[0] = UInt8(truncatingIfNeeded: number)
        bytes[1] = UInt8(truncatingIfNeeded: number >> 8)
        bytes[2] = UInt8(truncatingIfNeeded: number >> 16)
        bytes[3] = UInt8(truncatingIfNeeded: number >> 24)
    }

    /// The number in the first four bytes.
    static func number(of bytes: [UInt8]) -> Int {
        Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16 | Int(bytes[3]) << 24
    }

    /// What the last byte of a message of this size is.
    static func lastByte(size: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: (size - 1) &* 31 &+ 7)
    }
}
