internal import Synchronization

/// The names of the methods this process calls, as small numbers.
///
/// A target's name is a long mangled string, nearly always a literal in the program. A literal's two
/// words (address and length) identify it without looking at its characters.
final class TargetNames: Sendable {
    private struct Entry {
        var words: (UInt64, UInt64)
        var number: UInt16
    }

    private struct State {
        var table = [Entry?](repeating: nil, count: 256)
        var used = 0
        var names: [String] = []
        var numbers: [String: UInt16] = [:]
    }

    private let state = Mutex(State())

    func number(of name: String) -> UInt16 {
        // A String is two words. In a literal, or a string short enough to lie in the words
        // themselves, the top bit of the second is set: nothing to be freed, so the words stay true.
        // A string on the heap has an address that may be used again for another.
        let words = unsafe unsafeBitCast(name, to: (UInt64, UInt64).self)
        let isPermanent = words.1 >> 63 == 1
        return state.withLock { state in
            guard isPermanent else { return Self.slowNumber(of: name, &state) }
            let mask = state.table.count - 1
            var index = Self.hash(words) & mask
            while let entry = state.table[index] {
                if entry.words == words { return entry.number }
                index = (index + 1) & mask
            }
            let number = Self.slowNumber(of: name, &state)
            state.table[index] = Entry(words: words, number: number)
            state.used += 1
            if state.used * 2 > state.table.count { Self.grow(&state) }
            return number
        }
    }

    func name(of number: UInt16) -> String {
        state.withLock { $0.names[Int(number)] }
    }

    private static func hash(_ words: (UInt64, UInt64)) -> Int {
        let mixed = (words.0 ^ words.1) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed >> 40)
    }

    private static func slowNumber(of name: String, _ state: inout State) -> UInt16 {
        if let known = state.numbers[name] { return known }
        precondition(state.names.count < Int(UInt16.max), "a program with over 65,535 distributed methods")
        let number = UInt16(state.names.count)
        state.names.append(name)
        state.numbers[name] = number
        return number
    }

    private static func grow(_ state: inout State) {
        var larger = [Entry?](repeating: nil, count: state.table.count * 2)
        for case let entry? in state.table {
            var index = hash(entry.words) & (larger.count - 1)
            while larger[index] != nil { index = (index + 1) & (larger.count - 1) }
            larger[index] = entry
        }
        state.table = larger
    }
}
