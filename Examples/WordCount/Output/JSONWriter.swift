/// Writes JSON a value at a time, so that a million words need not be held.
///
/// The caller says what is opened and closed, and takes the bytes with ``take()`` whenever it likes.
struct JSONWriter {
    private var bytes: [UInt8] = []
    /// Whether a value at the present place must be preceded by a comma.
    private var needsComma = false

    /// The bytes written since the last call.
    mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    mutating func openObject() { open("{") }
    mutating func closeObject() { close("}") }
    mutating func openArray() { open("[") }
    mutating func closeArray() { close("]") }

    /// The key of the value that follows.
    mutating func key(_ key: String) {
        separate()
        appendString(key.utf8)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func value(_ text: String) { value(utf8: text.utf8) }
    mutating func value(_ number: some BinaryInteger) { scalar(String(number)) }
    mutating func value(_ flag: Bool) { scalar(flag ? "true" : "false") }

    /// A number with three decimals; JSON has no infinities, so one becomes null.
    mutating func value(_ number: Double) {
        scalar(number.isFinite ? Measure.fixed(number, decimals: 3) : "null")
    }

    /// A string of well-formed UTF-8.
    mutating func value(utf8 text: some Sequence<UInt8>) {
        separate()
        appendString(text)
        needsComma = true
    }

    private mutating func scalar(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    private mutating func open(_ bracket: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    private mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func appendString(_ text: some Sequence<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20, 0x7f:
                let digits = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default:
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
