import RoostWire
import Testing

/// Containers that are filled in turn, which a single pass over the bytes does not provide for.
@Suite struct LateEntryTests {
    @Test func `two nested maps can be filled in turn`() throws {
        try check(["a": ["x": 1, "y": 3], "b": ["x": 2, "y": 4]]) { encoder in
            var box = encoder.container(keyedBy: AnyKey.self)
            var a = box.nestedContainer(keyedBy: AnyKey.self, forKey: "a")
            var b = box.nestedContainer(keyedBy: AnyKey.self, forKey: "b")
            try a.encode(1, forKey: "x")
            try b.encode(2, forKey: "x")
            try a.encode(3, forKey: "y")
            try b.encode(4, forKey: "y")
        }
    }

    @Test func `two nested lists can be filled in turn past a short count`() throws {
        try check([Array(0..<40), Array(100..<140)]) { encoder in
            var outer = encoder.unkeyedContainer()
            var a = outer.nestedUnkeyedContainer()
            var b = outer.nestedUnkeyedContainer()
            for number in 0..<40 {
                try a.encode(number)
                try b.encode(number + 100)
            }
        }
    }

    @Test func `deep containers can be filled after their parents went on`() throws {
        try check(["a": ["in": ["z": 1, "w": 5]], "b": ["in": ["z": 2]]]) { encoder in
            var box = encoder.container(keyedBy: AnyKey.self)
            var a = box.nestedContainer(keyedBy: AnyKey.self, forKey: "a")
            var inner = a.nestedContainer(keyedBy: AnyKey.self, forKey: "in")
            var b = box.nestedContainer(keyedBy: AnyKey.self, forKey: "b")
            try inner.encode(1, forKey: "z")
            try b.encode(["z": 2], forKey: "in")
            try inner.encode(5, forKey: "w")
        }
    }

    @Test func `containers can be made late and filled later still`() throws {
        try check(["a": [["k": 1, "l": 4], ["k": 2]], "b": [["k": 3]]]) { encoder in
            var box = encoder.container(keyedBy: AnyKey.self)
            var a = box.nestedUnkeyedContainer(forKey: "a")
            var b = box.nestedUnkeyedContainer(forKey: "b")
            var first = a.nestedContainer(keyedBy: AnyKey.self)
            var second = a.nestedContainer(keyedBy: AnyKey.self)
            var third = b.nestedContainer(keyedBy: AnyKey.self)
            try second.encode(2, forKey: "k")
            try third.encode(3, forKey: "k")
            try first.encode(1, forKey: "k")
            try first.encode(4, forKey: "l")
        }
    }

    @Test func `super encoders can be used late`() throws {
        try check(["a": ["k": 1, "l": 2], "b": ["k": 3, "l": 4], "c": ["k": 5]]) { encoder in
            var box = encoder.container(keyedBy: AnyKey.self)
            let a = box.superEncoder(forKey: "a")
            let b = box.superEncoder(forKey: "b")
            try box.encode(["k": 5], forKey: "c")
            var single = b.singleValueContainer()
            try single.encode(["k": 3, "l": 4])
            var keyed = a.container(keyedBy: AnyKey.self)
            try keyed.encode(1, forKey: "k")
            try keyed.encode(2, forKey: "l")
        }
    }

    @Test func `an error in a late entry leaves the rest whole`() throws {
        struct Broken: Error {}
        try check(["a": ["x": 1], "b": ["x": 2]]) { encoder in
            var box = encoder.container(keyedBy: AnyKey.self)
            var a = box.nestedContainer(keyedBy: AnyKey.self, forKey: "a")
            var b = box.nestedContainer(keyedBy: AnyKey.self, forKey: "b")
            try b.encode(2, forKey: "x")
            let failing = ByHand { inner in
                var inside = inner.container(keyedBy: AnyKey.self)
                try inside.encode(9, forKey: "nine")
                throw Broken()
            }
            #expect(throws: Broken.self) { try a.encode(failing, forKey: "never") }
            try a.encode(1, forKey: "x")
        }
    }

    /// Expects what `body` writes to be read as `value`, alone and inside an array.
    private func check<T: Codable & Equatable>(
        _ value: T, _ body: @escaping (any Encoder) throws -> Void
    ) throws {
        #expect(try Wire.value(T.self, Wire.bytes(ByHand(body))) == value)
        #expect(try Wire.value([T].self, Wire.bytes([ByHand(body), ByHand(body)])) == [value, value])
    }
}

/// Encodes itself with a closure.
struct ByHand: Encodable {
    let body: (any Encoder) throws -> Void
    init(_ body: @escaping (any Encoder) throws -> Void) { self.body = body }
    func encode(to encoder: any Encoder) throws { try body(encoder) }
}

extension AnyKey: ExpressibleByStringLiteral {
    init(stringLiteral value: String) { self.init(stringValue: value) }
}
