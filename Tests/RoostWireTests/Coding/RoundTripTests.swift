import RoostWire
import Testing

@Suite struct RoundTripTests {
    @Test func `integers of every width keep their extremes`() throws {
        try Wire.expectSame([Int.min, -129, -128, -1, 0, 1, 127, 128, 255, 256, Int.max].map { $0 })
        for value in [Int.min, -40000, -129, -128, -1, 0, 1, 127, 128, 255, 256, 70000, 1 << 40, Int.max] {
            try Wire.expectSame(value)
        }
        try Wire.expectSame(Int8.min)
        try Wire.expectSame(UInt8.max)
        try Wire.expectSame(Int16.min)
        try Wire.expectSame(UInt16.max)
        try Wire.expectSame(Int32.min)
        try Wire.expectSame(UInt32.max)
        try Wire.expectSame(Int64.min)
        try Wire.expectSame(UInt64.max)
        try Wire.expectSame(Int128.min)
        try Wire.expectSame(Int128.max)
        try Wire.expectSame(UInt128.max)
    }

    @Test func `floating point arrives bit for bit`() throws {
        for bits: UInt64 in [
            0x7FF8_0000_DEAD_BEEF, 0x7FF0_0000_0000_0001, 0x8000_0000_0000_0000, 0x7FF0 << 48,
        ] {
            #expect(try Wire.roundTrip(Double(bitPattern: bits)).bitPattern == bits)
            #expect(try Wire.roundTrip([Double(bitPattern: bits)])[0].bitPattern == bits)
            #expect(try Wire.roundTrip([[Double(bitPattern: bits)]])[0][0].bitPattern == bits)
        }
        for bits: UInt32 in [0x7FC0_BEEF, 0x7F80_0001, 0x8000_0000] {
            #expect(try Wire.roundTrip(Float(bitPattern: bits)).bitPattern == bits)
            #expect(try Wire.roundTrip(["x": Float(bitPattern: bits)])["x"]?.bitPattern == bits)
        }
    }

    @Test func `strings of any length and script arrive`() throws {
        for text in ["", "a", String(repeating: "x", count: 31), String(repeating: "y", count: 32), "🏳️‍🌈é\0ß"] {
            try Wire.expectSame(text)
            try Wire.expectSame([text, text])
            try Wire.expectSame([text: text])
        }
        try Wire.expectSame(String(repeating: "日本", count: 50_000))
    }

    @Test func `arrays dictionaries and optionals of scalars arrive`() throws {
        try Wire.expectSame([UInt8](0...255))
        try Wire.expectSame([Int128.min, 0, .max])
        try Wire.expectSame([true, false, true])
        try Wire.expectSame([String]())
        try Wire.expectSame(["": 0, "b": -1])
        try Wire.expectSame([Int.min: "least", 0: "zero", .max: "most"])
        try Wire.expectSame(Int?.none)
        try Wire.expectSame(Int?.some(5))
        try Wire.expectSame([UInt8]?.some([1]))
        try Wire.expectSame([String: Double]?.none)
        try Wire.expectSame(String?.some(""))
        try Wire.expectSame(UInt128?.some(.max))
        try Wire.expectSame([Int?]([nil, 1, nil]))
        try Wire.expectSame(["a": [1, 2], "b": []])
    }

    @Test func `a structure with every kind of field arrives`() throws {
        try Wire.expectSame(Everything())
        try Wire.expectSame([Everything(), Everything(bool: false, missing: "here", maybe: [])])
    }

    @Test func `enums with payloads arrive`() throws {
        try Wire.expectSame([
            Command.add(name: "apples", count: 3), .remove(1), .move(Point(x: 1, y: 2), to: nil),
            .move(Point(x: 1, y: 2), to: Point(x: 3, y: 4)), .clear,
        ])
        try Wire.expectSame(Command.clear)
        try Wire.expectSame(Suit.allCases)
        try Wire.expectSame(["x": Level.high])
    }

    @Test func `recursive types arrive`() throws {
        let tree = Tree.node(.node(.leaf, 1, .leaf), 2, .node(.leaf, 3, .node(.leaf, 4, .leaf)))
        try Wire.expectSame(tree)
        let chain = try Wire.roundTrip(Chain.of(length: 20))
        #expect(chain.value == 19)
        #expect(chain.next?.next?.value == 17)
    }

    @Test func `collections with keys of many types arrive`() throws {
        try Wire.expectSame(Set(["a", "b", "c"]))
        try Wire.expectSame([Suit.hearts: 1, .spades: 2])
        try Wire.expectSame([Point(x: 1, y: 2): "p", Point(x: 3, y: 4): "q"])
        try Wire.expectSame([Level.low: [1], .high: [2]])
        try Wire.expectSame(["a": Point(x: 1, y: 2), "042": Point(x: 3, y: 4), "42": Point(x: 5, y: 6)])
        try Wire.expectSame([7: Point(x: 1, y: 2), -7: Point(x: 3, y: 4)])
    }

    @Test func `large arrays of structures arrive`() throws {
        let lines = (0..<20_000).map { Order.Line(name: "item \($0 % 7)", price: Double($0), count: 2) }
        try Wire.expectSame(lines)
    }

    @Test func `an empty structure takes one byte`() throws {
        #expect(try Wire.bytes(Empty()).count == 1)
        try Wire.expectSame([Empty(), Empty()])
        #expect(try Wire.bytes([UInt8](repeating: 1, count: 64)).count == 66)
    }

    @Test func `a key of an array of structures is spelled out once`() throws {
        let bytes = try Wire.bytes([Point](repeating: Point(x: 1, y: 2), count: 1000))
        #expect(bytes.count == 3 + 1000 * 5 + 2 * 2)
    }

    @Test func `scalars and simple collections of them are fast`() {
        #expect(WireCoding.isFast(Int.self) && WireCoding.isFast(String?.self))
        #expect(WireCoding.isFast([UInt8].self) && WireCoding.isFast([String]?.self))
        #expect(WireCoding.isFast([String: Double].self) && WireCoding.isFast([Int: UInt128]?.self))
        #expect(!WireCoding.isFast(Point.self) && !WireCoding.isFast([Point].self))
        #expect(!WireCoding.isFast(Int??.self) && !WireCoding.isFast([Double: Int].self))
        #expect(!WireCoding.isFast(Chain.self) && !WireCoding.isFast(Set<Int>.self))
    }

    @Test func `values one after another are read one after another`() throws {
        let writer = ByteWriter()
        try WireCoding.encode(Point(x: 1, y: 2), into: writer)
        try WireCoding.encode("between", into: writer)
        try WireCoding.encode([Point(x: 3, y: 4)], into: writer)
        try unsafe Wire.read([UInt8](writer.bytes)) { reader in
            #expect(try WireCoding.decode(Point.self, from: &reader) == Point(x: 1, y: 2))
            #expect(try WireCoding.decode(String.self, from: &reader) == "between")
            #expect(try WireCoding.decode([Point].self, from: &reader) == [Point(x: 3, y: 4)])
            try reader.expectEnd()
        }
    }

    @Test func `what the two sides know reaches the types`() throws {
        struct Greeting: Codable {
            var text: String
            init() { text = "" }
            init(from decoder: any Decoder) throws {
                text = try #require(decoder.userInfo[greetingKey] as? String)
            }
            func encode(to encoder: any Encoder) throws {
                #expect(encoder.userInfo[greetingKey] as? String == "hello")
            }
        }
        let bytes = try Wire.bytes(Greeting(), userInfo: [greetingKey: "hello"])
        #expect(try Wire.value(Greeting.self, bytes, userInfo: [greetingKey: "bye"]).text == "bye")
    }
}

private let greetingKey: CodingUserInfoKey = {
    guard let key = CodingUserInfoKey(rawValue: "greeting") else { fatalError("every string makes a key") }
    return key
}()
