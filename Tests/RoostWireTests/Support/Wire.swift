import RoostWire
import Testing
import WireSamples

/// Encodes and decodes in a test, over arrays of bytes.
enum Wire {
    static func bytes<T: Encodable>(
        _ value: T, userInfo: [CodingUserInfoKey: any Sendable] = [:], limits: WireLimits = .standard
    ) throws -> [UInt8] {
        let writer = ByteWriter()
        try WireCoding.encode(value, into: writer, userInfo: userInfo, limits: limits)
        return unsafe [UInt8](writer.bytes)
    }

    /// Decodes a value that must take all of the bytes.
    static func value<T: Decodable>(
        _ type: T.Type, _ bytes: [UInt8], userInfo: [CodingUserInfoKey: any Sendable] = [:],
        limits: WireLimits = .standard
    ) throws -> T {
        try read(bytes) { reader in
            let value = try WireCoding.decode(T.self, from: &reader, userInfo: userInfo, limits: limits)
            try reader.expectEnd()
            return value
        }
    }

    static func read<Result>(_ bytes: [UInt8], _ body: (inout ByteReader) throws -> Result) rethrows -> Result
    {
        try unsafe bytes.withUnsafeBytes { buffer in
            var reader = unsafe ByteReader(buffer)
            return try body(&reader)
        }
    }

    static func roundTrip<T: Codable>(_ value: T) throws -> T {
        try self.value(T.self, bytes(value))
    }

    /// Expects a value to arrive as it was.
    static func expectSame<T: Codable & Equatable>(
        _ value: T, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(try roundTrip(value) == value, sourceLocation: sourceLocation)
    }
}
