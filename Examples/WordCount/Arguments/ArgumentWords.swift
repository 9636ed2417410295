/// A command line taken apart into options, their values, and paths.
struct ArgumentWords {
    /// An argument that is not a value.
    enum Word: Equatable {
        case option(String)
        case path([UInt8])
    }

    private var rest: ArraySlice<[UInt8]>
    private var pathsOnly = false
    private var option = ""
    private var attached: String?

    init(_ arguments: [[UInt8]]) {
        rest = arguments[...]
    }

    /// The next option or path.
    ///
    /// A dash alone is a path: there is no reading from standard input here.
    mutating func next() -> Word? {
        guard let word = rest.popFirst() else { return nil }
        guard !pathsOnly, word.count > 1, word.first == UInt8(ascii: "-") else { return .path(word) }
        if word == Array("--".utf8) {
            pathsOnly = true
            return next()
        }
        let pair = word.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        option = String(decoding: pair[0], as: UTF8.self)
        attached = pair.count > 1 ? String(decoding: pair[1], as: UTF8.self) : nil
        return .option(option)
    }

    /// The value of the option just returned.
    mutating func value() throws(ArgumentError) -> String {
        if let attached { return attached }
        guard let word = rest.popFirst() else { throw .missingValue(option: option) }
        return String(decoding: word, as: UTF8.self)
    }

    /// The value of the option just returned, as a number.
    mutating func number(in allowed: ClosedRange<Int>) throws(ArgumentError) -> Int {
        let value = try value()
        guard let number = Int(value), allowed.contains(number) else {
            throw .badNumber(option: option, value: value, allowed: allowed)
        }
        return number
    }

    /// Makes sure that the option just returned has no value; always true.
    func flag() throws(ArgumentError) -> Bool {
        guard attached == nil else { throw .unexpectedValue(option: option) }
        return true
    }
}
