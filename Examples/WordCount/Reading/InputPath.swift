/// The path of a file as the kernel has it: bytes, which need not be text.
struct InputPath: Hashable, Codable, Sendable {
    /// The bytes, without a zero byte at the end.
    let bytes: [UInt8]

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    init(_ path: String) {
        bytes = Array(path.utf8)
    }

    /// The path of an entry of this directory.
    func appending(_ name: [UInt8]) -> InputPath {
        let separator = bytes.last == UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")]
        return InputPath(bytes: bytes + separator + name)
    }

    /// Calls `body` with the path as C has it.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        // A path from a command line or a directory has no zero byte in it; one from elsewhere ends there.
        let terminated = (bytes + [0]).map { CChar(bitPattern: $0) }
        return unsafe terminated.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return unsafe "".withCString(body) }
            return unsafe body(start)
        }
    }
}

extension InputPath: CustomStringConvertible {
    /// The path for a person: a control character, with which a file's name could play with the terminal, is
    /// written as an escape, and what is not UTF-8 as U+FFFD.
    var description: String {
        var text = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .format:
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension InputPath: Comparable {
    static func < (left: InputPath, right: InputPath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
