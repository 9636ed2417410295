/// Arguments that cannot work; the program says which and why, and ends with status 2.
enum ArgumentError: Error, Equatable {
    case unknownOption(String)
    case missingValue(option: String)
    case unexpectedValue(option: String)
    case badNumber(option: String, value: String, allowed: ClosedRange<Int>)
    case badMode(String)
    case badChaos(String, String)
    case bothTopAndAll
}

extension ArgumentError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unknownOption(let option):
            "there is no option '\(option)' (for a file of that name write ./\(option), or -- before it)"
        case .missingValue(let option): "\(option) needs a value"
        case .unexpectedValue(let option): "\(option) takes no value"
        case .badNumber(let option, let value, let allowed):
            "\(option) needs a whole number from \(allowed.lowerBound) to \(allowed.upperBound), not '\(value)'"
        case .badMode(let value): "--mode is unicode or ascii, not '\(value)'"
        case .badChaos(let specification, let reason): "--chaos '\(specification)' cannot work: \(reason)"
        case .bothTopAndAll: "--top and --all exclude each other"
        }
    }
}
