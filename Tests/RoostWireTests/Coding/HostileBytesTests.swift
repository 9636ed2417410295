import RoostWire
import Testing

/// Bytes that no encoder wrote.
@Suite struct HostileBytesTests {
    static let huge: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]

    @Test(arguments: [0x13, 0x14, 0x19, 0x1E, 0x1F, 0x20, 0x21, 0x22] as [UInt8])
    func `an absurd count reserves nothing`(tag: UInt8) {
        let bytes = [tag] + Self.huge + [0x60, 0x60]
        expect(.truncated, [Int].self, tag < 0x22 && tag != 0x20 ? bytes : [0x21] + Self.huge)
        expect(.truncated, String.self, [0x20] + Self.huge)
        expect(.truncated, [Empty].self, [0x21] + Self.huge + [0x60])
        expect(.truncated, [String: Int].self, [0x22] + Self.huge)
        expect(.truncated, Point.self, [0x22] + Self.huge)
        expect(.truncated, Ignoring.self, bytes)
    }

    @Test func `every prefix of a value is truncated`() throws {
        let bytes = try Wire.bytes([Everything()])
        for length in 0..<bytes.count {
            let error = #expect(throws: WireError.self, "\(length)") {
                try Wire.value([Everything].self, Array(bytes[..<length]))
            }
            #expect(error?.code == .truncated)
        }
    }

    @Test func `deep nesting is refused whether read or skipped`() {
        let lists = [UInt8](repeating: 0x71, count: 100_000) + [0x80]
        expect(.tooDeep, Ignoring.self, lists)
        expect(.tooDeep, Nest.self, lists)
        let maps = [UInt8]([[UInt8]](repeating: [0x61, 1, 0], count: 100_000).joined()) + [0x80]
        expect(.tooDeep, Ignoring.self, maps)
    }

    @Test func `strings and keys must be UTF-8`() {
        for text: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80]] {
            let length = UInt8(text.count)
            expect(.malformed, String.self, [0x40 + length] + text)
            expect(.malformed, String.self, [0x20, length] + text)
            expect(.malformed, [String: Int].self, [0x61, 1, length] + text + [0x80])
            expect(.malformed, Ignoring.self, [0x61, 0, length] + text + [0x80])
        }
    }

    @Test func `unknown tags are refused`() {
        for tag: UInt8 in [0x0F, 0x10, 0x11, 0x12, 0x23, 0x2F, 0x3F] {
            expect(.malformed, Ignoring.self, [tag, 0, 0, 0])
            #expect(throws: (any Error).self) { try Wire.value(Int.self, [tag, 0, 0, 0]) }
        }
    }

    @Test func `a key must be defined before it is used`() {
        expect(.malformed, Point.self, [0x61, 3, 0x80])
        expect(.malformed, Ignoring.self, [0x61, 200, 1, 0x80])
    }

    @Test func `a key twice in a dictionary is refused`() {
        expect(.malformed, [String: Int].self, [0x62, 1, 1, 0x61, 0x80, 1, 1, 0x61, 0x81])
        expect(.malformed, [Int: Int].self, [0x62, 2, 4, 0x80, 2, 4, 0x81])
    }

    @Test func `a key twice in a structure does no harm`() throws {
        let bytes: [UInt8] = [0x63, 0, 1, 0x78, 0x81, 3, 0x82, 0, 1, 0x79, 0x83]
        #expect(try Wire.value(Point.self, bytes).y == 3)
    }

    @Test func `a Boolean that is neither is refused`() {
        expect(.malformed, [Bool].self, [0x1F, 2, 1, 2])
    }

    @Test func `a number of too many bytes is refused`() {
        expect(.malformed, String.self, [0x20] + [UInt8](repeating: 0xFF, count: 10) + [0])
        expect(.malformed, String.self, [0x20] + [UInt8](repeating: 0x80, count: 9) + [2])
    }

    @Test func `bytes after the value are reported`() {
        expect(.trailingBytes, Int.self, [0x81, 0x82])
    }

    /// Reads nothing, so that the decoder skips the value.
    struct Ignoring: Decodable { init(from decoder: any Decoder) {} }

    /// Reads lists in lists, as deep as they are.
    struct Nest: Decodable {
        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            while !list.isAtEnd { _ = try list.decode(Nest.self) }
        }
    }

    private func expect<T: Decodable>(
        _ code: WireError.Code, _ type: T.Type, _ bytes: [UInt8],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: WireError.self, sourceLocation: sourceLocation) {
            try Wire.value(T.self, bytes)
        }
        #expect(error?.code == code, sourceLocation: sourceLocation)
    }
}
