import RoostWire
import Testing

/// Types that use their encoders and decoders in every way that `Codable` permits.
@Suite struct ContainerTests {
    @Test func `keys are found in another order than they were written`() throws {
        struct Shuffled: Codable, Equatable {
            var values: [Int]
            enum CodingKeys: String, CodingKey { case a, b, c, d }
            init(_ values: [Int]) { self.values = values }
            init(from decoder: any Decoder) throws {
                let box = try decoder.container(keyedBy: CodingKeys.self)
                let (d, b) = (try box.decode(Int.self, forKey: .d), try box.decode(Int.self, forKey: .b))
                let (a, c) = (try box.decode(Int.self, forKey: .a), try box.decode(Int.self, forKey: .c))
                values = [a, b, c, d]
                #expect(try box.decode(Int.self, forKey: .d) == d)
            }
            func encode(to encoder: any Encoder) throws {
                var box = encoder.container(keyedBy: CodingKeys.self)
                try box.encode(values[0], forKey: .a)
                try box.encode(values[1], forKey: .b)
                try box.encode(values[2], forKey: .c)
                try box.encode(values[3], forKey: .d)
            }
        }
        try Wire.expectSame([Shuffled([1, 2, 3, 4]), Shuffled([5, 6, 7, 8])])
    }

    @Test func `maps with many keys are found in reverse order`() throws {
        struct Reversed: Codable, Equatable {
            var values: [String: Point]
            init(_ values: [String: Point]) { self.values = values }
            init(from decoder: any Decoder) throws {
                let box = try decoder.container(keyedBy: AnyKey.self)
                values = [:]
                for key in box.allKeys.reversed() {
                    values[key.stringValue] = try box.decode(Point.self, forKey: key)
                }
            }
            func encode(to encoder: any Encoder) throws { try values.encode(to: encoder) }
        }
        let values = (0..<200).map { ("key \($0)", Point(x: $0, y: -$0)) }
        try Wire.expectSame(Reversed(Dictionary(uniqueKeysWithValues: values)))
    }

    @Test func `presence can be asked for without reading`() throws {
        struct Careful: Codable {
            enum CodingKeys: CodingKey { case there, null, absent }
            init() {}
            init(from decoder: any Decoder) throws {
                let box = try decoder.container(keyedBy: CodingKeys.self)
                #expect(!box.contains(.absent))
                #expect(box.contains(.there))
                #expect(box.contains(.null))
                #expect(Set(box.allKeys.map(\.stringValue)) == ["there", "null"])
                #expect(try box.decodeNil(forKey: .null))
                #expect(try !box.decodeNil(forKey: .there))
                #expect(try box.decodeIfPresent(String.self, forKey: .absent) == nil)
                #expect(try box.decodeIfPresent(Point.self, forKey: .absent) == nil)
                #expect(try box.decodeIfPresent(Int.self, forKey: .null) == nil)
                #expect(try box.decodeIfPresent(Point.self, forKey: .null) == nil)
                #expect(try box.decodeIfPresent(Int.self, forKey: .there) == 5)
            }
            func encode(to encoder: any Encoder) throws {
                var box = encoder.container(keyedBy: CodingKeys.self)
                try box.encode(5, forKey: .there)
                try box.encodeNil(forKey: .null)
            }
        }
        _ = try Wire.roundTrip([Careful(), Careful()])
    }

    @Test func `a type may leave the rest of its value unread`() throws {
        struct Sender: Codable {
            var a = Point(x: 1, y: 2)
            var b = [Point(x: 3, y: 4)]
            var c = ["text"]
        }
        struct OnlyFirst: Decodable {
            var a: Point
        }
        struct Nothing: Decodable { init(from decoder: any Decoder) {} }
        let bytes = try Wire.bytes([Sender(), Sender(), Sender()])
        #expect(try Wire.value([OnlyFirst].self, bytes).count == 3)
        #expect(try Wire.value([Nothing].self, bytes).count == 3)
        _ = try Wire.value(Nothing.self, bytes)
    }

    @Test func `classes with inheritance arrive`() throws {
        let dog = Dog()
        dog.name = "Rex"
        dog.tricks = ["sit"]
        dog.age = 3
        let copy = try Wire.roundTrip([dog, dog])[1]
        #expect(copy.name == "Rex")
        #expect(copy.tricks == ["sit"])
        #expect(copy.age == 3)
    }

    @Test func `super encoders work in lists, by key, and unused`() throws {
        struct Odd: Codable {
            enum CodingKeys: CodingKey { case first, second, unused }
            init() {}
            init(from decoder: any Decoder) throws {
                let box = try decoder.container(keyedBy: CodingKeys.self)
                #expect(try Point(from: box.superDecoder(forKey: .second)) == Point(x: 3, y: 4))
                var list = try box.nestedUnkeyedContainer(forKey: .first)
                #expect(try Point(from: list.superDecoder()) == Point(x: 1, y: 2))
                #expect(try list.decode(Int.self) == 9)
                #expect(list.isAtEnd)
                #expect(try Empty(from: box.superDecoder(forKey: .unused)) == Empty())
                #expect(try String(from: box.superDecoder()) == "single")
            }
            func encode(to encoder: any Encoder) throws {
                var box = encoder.container(keyedBy: CodingKeys.self)
                var list = box.nestedUnkeyedContainer(forKey: .first)
                try Point(x: 1, y: 2).encode(to: list.superEncoder())
                try list.encode(9)
                try Point(x: 3, y: 4).encode(to: box.superEncoder(forKey: .second))
                _ = box.superEncoder(forKey: .unused)
                try "single".encode(to: box.superEncoder())
            }
        }
        _ = try Wire.roundTrip([Odd(), Odd()])
    }

    @Test func `one encoder gives the same container again`() throws {
        struct Twice: Codable, Equatable {
            var a = 1
            var b = "two"
            enum AKey: CodingKey { case a }
            enum BKey: CodingKey { case b }
            init() {}
            init(from decoder: any Decoder) throws {
                b = try decoder.container(keyedBy: BKey.self).decode(String.self, forKey: .b)
                a = try decoder.container(keyedBy: AKey.self).decode(Int.self, forKey: .a)
            }
            func encode(to encoder: any Encoder) throws {
                var first = encoder.container(keyedBy: AKey.self)
                var second = encoder.container(keyedBy: BKey.self)
                try first.encode(a, forKey: .a)
                try second.encode(b, forKey: .b)
            }
        }
        try Wire.expectSame([Twice(), Twice()])
    }

    @Test func `a type without any container is an empty value`() throws {
        struct Silent: Codable {
            init() {}
            init(from decoder: any Decoder) {}
            func encode(to encoder: any Encoder) {}
        }
        #expect(try Wire.bytes(Silent()) == [0x60])
        #expect(try Wire.roundTrip([Silent(), Silent()]).count == 2)
    }

    @Test func `a list can be looked ahead in by copying its container`() throws {
        struct Mixed: Codable, Equatable {
            var values: [String]
            init(_ values: [String]) { self.values = values }
            init(from decoder: any Decoder) throws {
                var list = try decoder.unkeyedContainer()
                values = []
                while !list.isAtEnd {
                    var ahead = list
                    let kind = try ahead.nestedContainer(keyedBy: AnyKey.self)
                        .decode(String.self, forKey: AnyKey(stringValue: "kind"))
                    #expect(ahead.currentIndex == list.currentIndex + 1)
                    let whole = try list.decode([String: String].self)
                    #expect(whole["kind"] == kind)
                    values.append(kind)
                }
            }
            func encode(to encoder: any Encoder) throws {
                var list = encoder.unkeyedContainer()
                for value in values { try list.encode(["kind": value, "other": "x"]) }
                #expect(list.count == values.count)
            }
        }
        try Wire.expectSame(Mixed(["a", "b", "c"]))
    }

    @Test func `a type may try something else after a failure`() throws {
        enum Either: Codable, Equatable {
            case point(Point)
            case order(Order.Line)
            init(from decoder: any Decoder) throws {
                let single = try decoder.singleValueContainer()
                if let line = try? single.decode(Order.Line.self) {
                    self = .order(line)
                } else {
                    self = .point(try single.decode(Point.self))
                }
            }
            func encode(to encoder: any Encoder) throws {
                var single = encoder.singleValueContainer()
                switch self {
                case .point(let point): try single.encode(point)
                case .order(let line): try single.encode(line)
                }
            }
        }
        try Wire.expectSame([
            Either.point(Point(x: 1, y: 2)), .order(Order.Line(name: "n", price: 1, count: 2)),
            .point(Point(x: 3, y: 4)),
        ])
    }

    @Test func `fast and slow forms of the same value read each other`() throws {
        struct SlowInts: Codable, Equatable {
            var values: [Int]
            init(_ values: [Int]) { self.values = values }
            init(from decoder: any Decoder) throws {
                var list = try decoder.unkeyedContainer()
                values = []
                while !list.isAtEnd { values.append(try list.decode(Int.self)) }
                #expect(list.count == values.count)
            }
            func encode(to encoder: any Encoder) throws {
                var list = encoder.unkeyedContainer()
                for value in values { try list.encode(value) }
            }
        }
        #expect(try Wire.value(SlowInts.self, Wire.bytes([1, -2, 300])) == SlowInts([1, -2, 300]))
        #expect(try Wire.value([Int].self, Wire.bytes(SlowInts([1, -2, 300]))) == [1, -2, 300])
        #expect(try Wire.value([Int?].self, Wire.bytes([1, 2])) == [1, 2])
        #expect(try Wire.value([Level].self, Wire.bytes([1, 10])) == [.low, .high])
        #expect(try Wire.value([UInt8].self, Wire.bytes([1, 2, 255])) == [1, 2, 255])
        #expect(try Wire.value([String: Int].self, Wire.bytes(Point(x: 1, y: 2))) == ["x": 1, "y": 2])
        #expect(try Wire.value(Point.self, Wire.bytes(["y": 2, "x": 1])) == Point(x: 1, y: 2))
        #expect(try Wire.value([Int: Int].self, Wire.bytes(["7": 2])) == [7: 2])
        #expect(try Wire.value([String: Int].self, Wire.bytes([7: 2])) == ["7": 2])
        #expect(
            try Wire.value([[String: Int]].self, Wire.bytes([Point(x: 1, y: 2), Point(x: 3, y: 4)]))
                == [["x": 1, "y": 2], ["x": 3, "y": 4]])
    }

    @Test func `keys with integer values arrive`() throws {
        struct Numbered: Codable, Equatable {
            var a = 1
            var b = "two"
            enum CodingKeys: Int, CodingKey {
                case a = 10
                case b = 20
            }
        }
        try Wire.expectSame([Numbered(), Numbered()])
    }
}

struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

class Animal: Codable {
    var name = ""
    var age = 0
    init() {}
}

final class Dog: Animal {
    var tricks: [String] = []
    enum CodingKeys: CodingKey { case tricks }

    override init() { super.init() }

    required init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        try super.init(from: box.superDecoder())
        tricks = try box.decode([String].self, forKey: .tricks)
    }

    override func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: CodingKeys.self)
        try super.encode(to: box.superEncoder())
        try box.encode(tricks, forKey: .tricks)
    }
}
