import WireSamples

// Random values of the test types. Sizes are small on average and sometimes not.

protocol Randomized: Codable, Equatable, SendableMetatype {
    static func random(using random: inout SplitMix64, depth: Int) -> Self
}

extension SplitMix64 {
    /// A length: mostly short, now and then past the short forms of the format.
    mutating func length() -> Int {
        switch UInt8.random(in: 0..<10, using: &self) {
        case 0: 0
        case 1...7: Int.random(in: 1...4, using: &self)
        case 8: Int.random(in: 14...18, using: &self)
        default: Int.random(in: 30...34, using: &self)
        }
    }

    mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < probability
    }

    /// An integer whose size in bits is random, so that each width occurs.
    mutating func integer<T: FixedWidthInteger>(_ type: T.Type) -> T {
        let bits = T.random(in: .min ... .max, using: &self)
        return bits >> T(truncatingIfNeeded: Int.random(in: 0..<T.bitWidth, using: &self))
    }

    mutating func array<T: Randomized>(of type: T.Type, depth: Int) -> [T] {
        (0..<length()).map { _ in T.random(using: &self, depth: depth) }
    }
}

extension Int: Randomized {
    static func random(using random: inout SplitMix64, depth: Int) -> Int { random.integer(Int.self) }
}

extension UInt8: Randomized {
    static func random(using random: inout SplitMix64, depth: Int) -> UInt8 { random.integer(UInt8.self) }
}

extension Int128: Randomized {
    static func random(using random: inout SplitMix64, depth: Int) -> Int128 { random.integer(Int128.self) }
}

extension Bool: Randomized {
    static func random(using random: inout SplitMix64, depth: Int) -> Bool { random.chance(0.5) }
}

extension Double: Randomized {
    static func random(using random: inout SplitMix64, depth: Int) -> Double {
        // Not NaN, which is not equal to itself.
        let value = Double(bitPattern: random.next())
        return value.isNaN ? -0.0 : value
    }
}

extension String: Randomized {
    static func random(using random: inout SplitMix64, depth: Int) -> String {
        let alphabet: [Character] = ["a", "b", "z", "é", "日", "🙂", "\0", "e\u{301}"]
        return String((0..<random.length()).map { _ in alphabet.randomElement(using: &random) ?? "a" })
    }
}

extension Point: Randomized {
    static func random(using random: inout SplitMix64, depth: Int) -> Point {
        Point(x: random.integer(Int.self), y: random.integer(Int.self))
    }
}

extension Suit: Randomized {
    static func random(using random: inout SplitMix64, depth: Int) -> Suit {
        random.chance(0.5) ? .hearts : .spades
    }
}

extension Empty: Randomized {
    static func random(using random: inout SplitMix64, depth: Int) -> Empty { Empty() }
}

extension Command: Randomized {
    static func random(using random: inout SplitMix64, depth: Int) -> Command {
        switch UInt8.random(in: 0..<4, using: &random) {
        case 0: .add(name: .random(using: &random, depth: depth), count: random.integer(Int.self))
        case 1: .remove(random.integer(Int.self))
        case 2: .move(.random(using: &random, depth: depth), to: .random(using: &random, depth: depth))
        default: .clear
        }
    }
}

extension Tree: Randomized {
    static func random(using random: inout SplitMix64, depth: Int) -> Tree {
        guard depth < 12, random.chance(0.6) else { return .leaf }
        return .node(
            .random(using: &random, depth: depth + 1), random.integer(Int.self),
            .random(using: &random, depth: depth + 1))
    }
}

extension Order: Randomized {
    static func random(using random: inout SplitMix64, depth: Int) -> Order {
        Order(
            id: random.integer(Int.self), customer: .random(using: &random, depth: depth),
            note: .random(using: &random, depth: depth),
            lines: (0..<random.length()).map { _ in
                Line(
                    name: .random(using: &random, depth: depth), price: .random(using: &random, depth: depth),
                    count: random.integer(UInt16.self))
            },
            tags: Set(random.array(of: String.self, depth: depth)),
            weights: random.array(of: Double.self, depth: depth))
    }
}

extension Optional: Randomized where Wrapped: Randomized {
    static func random(using random: inout SplitMix64, depth: Int) -> Wrapped? {
        random.chance(0.3) ? nil : Wrapped.random(using: &random, depth: depth)
    }
}

extension Array: Randomized where Element: Randomized {
    static func random(using random: inout SplitMix64, depth: Int) -> [Element] {
        random.array(of: Element.self, depth: depth)
    }
}

extension Dictionary: Randomized where Key: Randomized, Value: Randomized {
    static func random(using random: inout SplitMix64, depth: Int) -> [Key: Value] {
        var value: [Key: Value] = [:]
        for _ in 0..<random.length() {
            value[.random(using: &random, depth: depth)] = .random(using: &random, depth: depth)
        }
        return value
    }
}

/// The types that random tests go through.
let representativeTypes: [any Randomized.Type] = [
    Int.self, Int128.self, String.self, [UInt8].self, [Int].self, [Bool?].self, [String: Double].self,
    [Int: String].self, Point?.self, [Point].self, [Command].self, Tree.self, Order.self, [Order].self,
    [Suit: [Point]].self, [Point: Empty].self, [String: [String: Point]].self,
]
