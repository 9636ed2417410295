// The types that the tests send.

struct Empty: Codable, Hashable {}

struct Point: Codable, Hashable {
    var x: Int
    var y: Int
}

struct Order: Codable, Equatable {
    var id: Int
    var customer: String
    var note: String?
    var lines: [Line]
    var tags: Set<String>
    var weights: [Double]

    struct Line: Codable, Equatable {
        var name: String
        var price: Double
        var count: UInt16
    }
}

enum Command: Codable, Equatable {
    case add(name: String, count: Int)
    case remove(Int)
    case move(Point, to: Point?)
    case clear
}

enum Suit: String, Codable, CaseIterable, Hashable {
    case hearts, spades
}

enum Level: Int, Codable, Hashable {
    case low = 1
    case high = 10
}

indirect enum Tree: Codable, Equatable {
    case leaf
    case node(Tree, Int, Tree)
}

final class Chain: Codable {
    var value: Int
    var next: Chain?

    init(_ value: Int, next: Chain? = nil) {
        self.value = value
        self.next = next
    }

    static func of(length: Int) -> Chain {
        var chain = Chain(0)
        for value in 1..<max(length, 2) { chain = Chain(value, next: chain) }
        return chain
    }
}

/// Nests through single-value containers, which leave no trace in the bytes.
final class Wrapped: Codable {
    var inner: Wrapped?

    init(_ inner: Wrapped?) { self.inner = inner }

    init(from decoder: any Decoder) throws {
        inner = try decoder.singleValueContainer().decode(Wrapped?.self)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(inner)
    }
}

struct Everything: Codable, Equatable {
    var bool = true
    var int = -5
    var int8 = Int8.min
    var int16 = Int16.min
    var int32 = Int32.min
    var int64 = Int64.min
    var int128 = Int128.min
    var uint = UInt.max
    var uint8 = UInt8.max
    var uint16 = UInt16.max
    var uint32 = UInt32.max
    var uint64 = UInt64.max
    var uint128 = UInt128.max
    var float = Float(1.5)
    var double = -2.25
    var string = "text"
    var optional: Int128? = 7
    var missing: String?
    var bytes: [UInt8] = [1, 2, 3]
    var flags = [true, false]
    var names = ["a": 1, "b": 2]
    var numbers = [-1: "minus", 1: "plus"]
    var nested = [[1, 2], [], [3]]
    var maybe: [Int?] = [1, nil, 3]
    var suits: [Suit: Point] = [.hearts: Point(x: 1, y: 2)]
    var points: [Point: Suit] = [Point(x: 1, y: 2): .spades]
    var byName: [String: Point] = ["p": Point(x: 3, y: 4)]
    var empty = Empty()
}
