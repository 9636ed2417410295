import RoostWire
import Testing

@Suite struct DecodingErrorTests {
    @Test func `a missing key is reported by name`() throws {
        let error = try failure(of: Point.self, from: ["x": 1])
        guard case .keyNotFound(let key, _) = error else { return #expect(Bool(false), "\(error)") }
        #expect(key.stringValue == "y")
    }

    @Test func `a wrong type is reported with the path to it`() throws {
        struct Outer<T: Codable>: Codable {
            var list: [[String: T]]
        }
        struct Inner<T: Codable>: Codable {
            var value: T
        }
        let sent = Outer(list: [["a": Inner(value: 1)], ["b": Inner(value: 2)]])
        let error = try failure(of: Outer<Inner<String>>.self, from: sent)
        guard case .typeMismatch(let type, let context) = error else {
            return #expect(Bool(false), "\(error)")
        }
        #expect("\(type)" == "String")
        #expect(context.codingPath.map(\.stringValue) == ["list", "Index 0", "a", "value"])
        #expect(context.debugDescription == "expected String, found an integer")
    }

    @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 7])
    func `every kind of value read as every other is a typed error`(kind: Int) throws {
        let samples = [
            try Wire.bytes(1), try Wire.bytes("text"), try Wire.bytes(1.5), try Wire.bytes(true),
            try Wire.bytes(Int?.none), try Wire.bytes(["a", "b"]), try Wire.bytes([1, 2]),
            try Wire.bytes(Point(x: 1, y: 2)),
        ]
        for (index, bytes) in samples.enumerated() where index != kind {
            #expect(throws: DecodingError.self, "\(index) as \(kind)") {
                switch kind {
                case 0: _ = try Wire.value(Int.self, bytes)
                case 1: _ = try Wire.value(String.self, bytes)
                case 2: _ = try Wire.value(Double.self, bytes)
                case 3: _ = try Wire.value(Bool.self, bytes)
                case 4: _ = try Wire.value(Suit.self, bytes)
                case 5: _ = try Wire.value([String].self, bytes)
                case 6: _ = try Wire.value([Level].self, bytes)
                default: _ = try Wire.value(Point.self, bytes)
                }
            }
        }
    }

    @Test func `a number that does not fit is an error`() throws {
        guard case .dataCorrupted = try failure(of: Int8.self, from: 128) else { return #expect(Bool(false)) }
        guard case .dataCorrupted = try failure(of: UInt.self, from: -1) else { return #expect(Bool(false)) }
        guard case .dataCorrupted = try failure(of: [UInt8].self, from: [256]) else {
            return #expect(Bool(false))
        }
        guard case .dataCorrupted = try failure(of: Int64.self, from: Int128.max) else {
            return #expect(Bool(false))
        }
    }

    @Test func `nil where a value is needed is reported`() throws {
        guard case .valueNotFound = try failure(of: Int.self, from: Int?.none) else {
            return #expect(Bool(false))
        }
        guard case .valueNotFound = try failure(of: Point.self, from: Int?.none) else {
            return #expect(Bool(false))
        }
        guard case .valueNotFound = try failure(of: [Point].self, from: [Int?.none]) else {
            return #expect(Bool(false))
        }
    }

    @Test func `reading past the end of a list is reported`() throws {
        struct Triple: Codable {
            init(from decoder: any Decoder) throws {
                var list = try decoder.unkeyedContainer()
                for _ in 0..<3 { _ = try list.decode(Int.self) }
            }
            func encode(to encoder: any Encoder) {}
        }
        guard case .valueNotFound(_, let context) = try failure(of: [Triple].self, from: [[1, 2]]) else {
            return #expect(Bool(false))
        }
        #expect(context.codingPath.map(\.intValue) == [0, 2])
    }

    @Test func `a decoder kept for later finds nothing`() throws {
        struct Keeper: Codable {
            // nonisolated(unsafe): this test only, which runs once, on one task.
            nonisolated(unsafe) static var decoder: (any Decoder)?
            nonisolated(unsafe) static var list: (any UnkeyedDecodingContainer)?
            init() {}
            init(from decoder: any Decoder) throws {
                unsafe Self.decoder = decoder
                unsafe Self.list = try decoder.unkeyedContainer()
            }
            func encode(to encoder: any Encoder) throws {
                var list = encoder.unkeyedContainer()
                try list.encode(1)
            }
        }
        _ = try Wire.roundTrip(Keeper())
        #expect(throws: (any Error).self) { unsafe try [Int](from: #require(Keeper.decoder)) }
        #expect(throws: (any Error).self) { unsafe try Keeper.list?.decode(Int.self) }
        #expect(unsafe Keeper.list?.isAtEnd == true)
        unsafe (Keeper.decoder, Keeper.list) = (nil, nil)
    }

    @Test func `single values that wrap themselves without end are refused`() throws {
        #expect(try Wire.roundTrip(Wrapped(Wrapped(nil))).inner == nil)
        let error = #expect(throws: WireError.self) { try Wire.value(Wrapped.self, Wire.bytes(5)) }
        #expect(error?.code == .tooDeep)
    }

    private func failure<T: Codable, U: Codable>(of type: T.Type, from value: U) throws -> DecodingError {
        try #require(throws: DecodingError.self) { try Wire.value(T.self, Wire.bytes(value)) }
    }
}
