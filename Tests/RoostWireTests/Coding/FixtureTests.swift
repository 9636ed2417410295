import Foundation
import RoostWire
import Testing
import WireSamples

/// The wire format, as bytes in files.
@Suite struct FixtureTests {
    @Test func `each value has the bytes in its file`() throws {
        try check("nil", Int?.none)
        try check("booleans", [false, true])
        try check(
            "integers",
            [[0, 127], [-1, -128], [128, 255], [256, -129, 65_536, -40_000, 1 << 40]].map {
                $0.map(Any128.init)
            })
        try check("wide-integers", [Any128(.min), Any128(.max), Any128(Int128(UInt64.max))])
        try check("floats", [AnyFloat(1.5), AnyFloat(-0.0)])
        try check("double", Double(bitPattern: 0x7FF8_0000_DEAD_BEEF))
        try check("short-string", "grüße")
        try check("long-string", String(repeating: "x", count: 32))
        try check("bytes", [1, 2, 255] as [UInt8])
        try check("packed-integers", [1, -2] as [Int])
        try check("strings", ["a", ""])
        try check("string-keyed", ["key": 5])
        try check("int-keyed", [-3: "three"])
        try check("empty-structure", Empty())
        try check("structures", [Point(x: 1, y: -2), Point(x: 3, y: 400)])
        try check("enum", Command.add(name: "apples", count: 3))
        try check("enum-without-payload", Command.clear)
        try check("long-list", (0..<20).map { Level(rawValue: $0 % 2 == 0 ? 1 : 10) })
        try check("late-entries", LateEntries())
    }

    @Test func `each file of bad bytes is refused for its reason`() throws {
        let files = try FileManager.default.contentsOfDirectory(
            at: Self.folder.appending(path: "fail"), includingPropertiesForKeys: nil)
        #expect(files.count >= 16)
        for file in files {
            let text = try String(contentsOf: file, encoding: .utf8)
            let header = String(text.prefix { $0 != "\n" }.dropFirst(2)).components(separatedBy: " -> ")
            let bytes = Self.bytes(text)
            let type = try #require(Self.types[header[0]], "\(file.lastPathComponent)")
            let error = #expect(throws: (any Error).self, "\(file.lastPathComponent)") {
                try Self.read(bytes, as: type)
            }
            let reason = (error as? WireError)?.code.description ?? "decoding error"
            #expect(reason == header[1], "\(file.lastPathComponent)")
        }
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures")

    private static let types: [String: any (Decodable & SendableMetatype).Type] = [
        "Int": Int.self, "Int8": Int8.self, "String": String.self, "[Int]": [Int].self,
        "[UInt8]": [UInt8].self,
        "[Bool]": [Bool].self, "[String: Int]": [String: Int].self, "Point": Point.self,
        "[Point]": [Point].self,
        "Empty": Empty.self, "[Empty]": [Empty].self, "Tree": Tree.self, "Command": Command.self,
    ]

    private static func read<T: Decodable>(_ bytes: [UInt8], as type: T.Type) throws {
        _ = try Wire.value(T.self, bytes)
    }

    private static func bytes(_ text: String) -> [UInt8] {
        text.split(separator: "\n").flatMap { line in
            line.prefix { $0 != "#" }.split(separator: " ").compactMap { UInt8($0, radix: 16) }
        }
    }

    private func check<T: Codable & Equatable>(
        _ name: String, _ value: T, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = Self.folder.appending(path: "pass/\(name).hex")
        let golden = Self.bytes(try String(contentsOf: file, encoding: .utf8))
        let bytes = try Wire.bytes(value)
        #expect(hex(bytes) == hex(golden), "\(name)", sourceLocation: sourceLocation)
        let copy = try Wire.value(T.self, golden)
        // Bytes rather than values, for NaN.
        #expect(try Wire.bytes(copy) == golden, "\(name)", sourceLocation: sourceLocation)
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }
}

/// An integer that is encoded one by one, not as part of a packed list.
private struct Any128: Codable, Equatable {
    var value: Int128
    init(_ value: Int128) { self.value = value }
    init(_ value: Int) { self.value = Int128(value) }
    init(from decoder: any Decoder) throws { value = try decoder.singleValueContainer().decode(Int128.self) }
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}

private struct AnyFloat: Codable, Equatable {
    var value: Float
    init(_ value: Float) { self.value = value }
    init(from decoder: any Decoder) throws { value = try decoder.singleValueContainer().decode(Float.self) }
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}

/// Two nested containers filled in turn, so that the keys of one are literals.
private struct LateEntries: Codable, Equatable {
    init() {}
    init(from decoder: any Decoder) throws {
        let value = try [String: [String: Int]](from: decoder)
        #expect(value == ["a": ["x": 1, "z": 3], "b": ["y": 2]])
    }
    func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: AnyKey.self)
        var a = box.nestedContainer(keyedBy: AnyKey.self, forKey: "a")
        var b = box.nestedContainer(keyedBy: AnyKey.self, forKey: "b")
        try a.encode(1, forKey: "x")
        try b.encode(2, forKey: "y")
        try a.encode(3, forKey: "z")
    }
}
