import RoostWire
import Testing

@Suite struct EncodingErrorTests {
    struct Refusal: Error, Equatable {
        var number: Int
    }

    @Test func `an error of the type is thrown unchanged and the writer is as before`() throws {
        let writer = ByteWriter()
        writer.appendString("before")
        let before = unsafe [UInt8](writer.bytes)
        let failing = ByHand { encoder in
            var box = encoder.container(keyedBy: AnyKey.self)
            try box.encode(1, forKey: "one")
            var list = box.nestedUnkeyedContainer(forKey: "list")
            try list.encode(Point(x: 1, y: 2))
            throw Refusal(number: 7)
        }
        #expect(throws: Refusal(number: 7)) { try WireCoding.encode([failing], into: writer) }
        #expect(unsafe [UInt8](writer.bytes) == before)
        try WireCoding.encode(Point(x: 1, y: 2), into: writer)
        let after = unsafe [UInt8](writer.bytes)
        #expect(try Wire.value(Point.self, Array(after[before.count...])) == Point(x: 1, y: 2))
    }

    @Test func `an entry whose error is caught leaves no trace`() throws {
        let tolerant = ByHand { encoder in
            var box = encoder.container(keyedBy: AnyKey.self)
            try box.encode(1, forKey: "a")
            let failing = ByHand { inner in
                var inside = inner.container(keyedBy: AnyKey.self)
                for name in ["p", "q", "r"] { try inside.encode(0, forKey: AnyKey(stringValue: name)) }
                throw Refusal(number: 1)
            }
            #expect(throws: Refusal.self) { try box.encode(failing, forKey: "b") }
            try box.encode(2, forKey: "b")
            try box.encode(3, forKey: "q")
        }
        #expect(try Wire.value([String: Int].self, Wire.bytes(tolerant)) == ["a": 1, "b": 2, "q": 3])
    }

    @Test func `a value nested too deeply is refused with its path`() throws {
        let error = try #require(throws: WireError.self) { try Wire.bytes(Chain.of(length: 10_000)) }
        #expect(error.code == .tooDeep)
        #expect(error.path.hasPrefix("next.next.next"))
        #expect(throws: WireError.self) {
            try Wire.bytes(Chain.of(length: 10), limits: WireLimits(maximumDepth: 9))
        }
        _ = try Wire.bytes(Chain.of(length: 10), limits: WireLimits(maximumDepth: 10))
    }

    @Test func `nested containers without end are refused`() throws {
        let bottomless = ByHand { encoder in
            var list = encoder.unkeyedContainer()
            for _ in 0..<1000 { list = list.nestedUnkeyedContainer() }
        }
        let error = try #require(throws: WireError.self) { try Wire.bytes(bottomless) }
        #expect(error.code == .tooDeep)
    }

    @Test func `what can be encoded at the limit can be decoded at the limit`() throws {
        let limit = WireLimits.standard.maximumDepth
        #expect(try Wire.roundTrip(Chain.of(length: limit)).value == limit - 1)
        var tree = Tree.leaf
        for number in 0..<limit / 2 - 1 { tree = .node(tree, number, .leaf) }
        try Wire.expectSame(tree)
    }

    @Test func `two kinds of container are refused`() throws {
        try expectMisuse { encoder in
            _ = encoder.container(keyedBy: AnyKey.self)
            _ = encoder.unkeyedContainer()
        }
        try expectMisuse { encoder in
            var single = encoder.singleValueContainer()
            try single.encode(1)
            try single.encode(2)
        }
        try expectMisuse { encoder in
            var box = encoder.container(keyedBy: AnyKey.self)
            try box.encode(1, forKey: "a")
            var single = encoder.singleValueContainer()
            try? single.encode(2)
        }
    }

    @Test func `a key encoded twice is refused`() throws {
        try expectMisuse { encoder in
            var box = encoder.container(keyedBy: AnyKey.self)
            try box.encode(1, forKey: "a")
            try box.encode(2, forKey: "a")
        }
    }

    @Test func `a container kept for later is refused`() throws {
        final class Keeper: Encodable {
            // nonisolated(unsafe): this test only, which runs once, on one task.
            nonisolated(unsafe) static var kept: (any UnkeyedEncodingContainer)?
            func encode(to encoder: any Encoder) throws { unsafe Self.kept = encoder.unkeyedContainer() }
        }
        try expectMisuse { encoder in
            var box = encoder.container(keyedBy: AnyKey.self)
            try box.encode(Keeper(), forKey: "keeper")
            unsafe try Keeper.kept?.encode(1)
        }
        _ = try Wire.bytes(Keeper())
        #expect(throws: WireError.self) { unsafe try Keeper.kept?.encode(1) }
        unsafe Keeper.kept = nil
    }

    private func expectMisuse(
        sourceLocation: SourceLocation = #_sourceLocation, _ body: @escaping (any Encoder) throws -> Void
    ) throws {
        let error = #expect(throws: WireError.self, sourceLocation: sourceLocation) {
            try Wire.bytes(ByHand(body))
        }
        #expect(error?.code == .misuse, sourceLocation: sourceLocation)
    }
}
