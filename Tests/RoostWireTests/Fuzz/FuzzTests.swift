import RoostWire
import Testing
import WireSamples

/// Bytes at random and valid bytes damaged at random, read as every type there is.
///
/// Whatever comes back is a value or an error of a known type; a crash or a hang ends the test run. The seed is
/// fixed, and the number of rounds is small because the test library records a backtrace for each error thrown.
@Suite struct FuzzTests {
    static let seed: UInt64 = 20_260

    @Test(arguments: representativeTypes.indices)
    func `damaged bytes give a value or a typed error`(type: Int) throws {
        func check<T: Randomized>(_ type: T.Type) throws {
            var random = SplitMix64(seed: Self.seed)
            for _ in 0..<10 {
                let value = T.random(using: &random, depth: 0)
                let bytes = try Wire.bytes(value)
                for _ in 0..<5 { readAsEverything(Self.damage(bytes, using: &random), first: type) }
            }
        }
        try check(representativeTypes[type])
    }

    @Test func `random bytes give a value or a typed error`() {
        var random = SplitMix64(seed: Self.seed)
        for _ in 0..<800 {
            let bytes = (0..<Int.random(in: 0...48, using: &random)).map { _ in Self.byte(using: &random) }
            readAsEverything(bytes, first: representativeTypes[bytes.count % representativeTypes.count])
        }
    }

    @Test func `random containers give a value or a typed error`() {
        var random = SplitMix64(seed: Self.seed)
        for _ in 0..<800 {
            var bytes: [UInt8] = []
            Self.grow(&bytes, depth: 0, using: &random)
            readAsEverything(bytes, first: Order.self)
        }
    }

    @Test func `random frames and handshakes are found or refused`() {
        var random = SplitMix64(seed: Self.seed)
        let scanner = FrameScanner(limit: 1000)
        for _ in 0..<2000 {
            var bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in Self.byte(using: &random) }
            if random.chance(0.5) { bytes = Handshake.magic + bytes }
            _ = try? Wire.read(bytes) { try Handshake(from: &$0) }
            let body = unsafe bytes.withUnsafeBytes { try? unsafe scanner.nextFrame(in: $0, at: 0) }
            if let body { #expect(body.upperBound <= bytes.count && body.lowerBound == 4) }
        }
    }

    /// Reads the bytes as one type, and as a few that each take another way through the decoder.
    private func readAsEverything(_ bytes: [UInt8], first: any Randomized.Type) {
        read(bytes, as: first)
        read(bytes, as: [Order].self)
        read(bytes, as: [String: [Int]].self)
        read(bytes, as: Contrary.self)
    }

    private func read<T: Decodable>(_ bytes: [UInt8], as type: T.Type) {
        do {
            let value = try Wire.value(T.self, bytes)
            // A byte can make an element of a few words, but not more elements than there are bytes.
            if let list = value as? [Order] { #expect(list.count <= bytes.count) }
        } catch is WireError {
        } catch is DecodingError {
        } catch {
            Issue.record("\(error) reading \(bytes) as \(T.self)")
        }
    }

    /// Asks for everything twice, backwards and under other names.
    private struct Contrary: Decodable {
        init(from decoder: any Decoder) throws {
            if let box = try? decoder.container(keyedBy: AnyKey.self) {
                for key in box.allKeys.reversed() {
                    #expect(box.contains(key))
                    _ = try? box.decode(String.self, forKey: key)
                    _ = try? box.nestedUnkeyedContainer(forKey: key)
                    _ = try box.decode(Contrary.self, forKey: key)
                    // Twice at each level would take for ever.
                    if decoder.codingPath.count < 3 { _ = try Contrary(from: box.superDecoder(forKey: key)) }
                }
            } else if var list = try? decoder.unkeyedContainer() {
                if let count = list.count { #expect(count <= 1 << 20) }
                while !list.isAtEnd {
                    var ahead = list
                    _ = try? ahead.decode(Int.self)
                    _ = try list.decode(Contrary.self)
                    if !list.isAtEnd { _ = try? Point(from: list.superDecoder()) }
                }
            } else {
                let single = try decoder.singleValueContainer()
                _ = single.decodeNil()
                _ = try? single.decode(Int.self)
                _ = try? single.decode(String.self)
            }
        }
    }

    /// A byte that is a tag or a small number more often than chance would have it.
    private static func byte(using random: inout SplitMix64) -> UInt8 {
        switch UInt8.random(in: 0..<4, using: &random) {
        case 0: UInt8.random(in: 0...0x22, using: &random)
        case 1: UInt8.random(in: 0x60...0x83, using: &random)
        default: UInt8.random(in: 0...255, using: &random)
        }
    }

    private static func damage(_ bytes: [UInt8], using random: inout SplitMix64) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            guard let position = bytes.indices.randomElement(using: &random) else { break }
            switch UInt8.random(in: 0..<6, using: &random) {
            case 0: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[position] = byte(using: &random)
            case 2: bytes.removeSubrange(position...)
            case 3: bytes.remove(at: position)
            case 4: bytes.insert(byte(using: &random), at: position)
            default: bytes.insert(contentsOf: bytes[..<position].suffix(9), at: position)
            }
        }
        return bytes
    }

    /// Appends a value of a shape that is right nearly everywhere.
    private static func grow(_ bytes: inout [UInt8], depth: Int, using random: inout SplitMix64) {
        let count = UInt8.random(in: 0...3, using: &random)
        switch depth > 6 ? 9 : UInt8.random(in: 0..<10, using: &random) {
        case 0...2:
            bytes.append(0x70 + count)
            for _ in 0..<count { grow(&bytes, depth: depth + 1, using: &random) }
        case 3...6:
            bytes.append(0x60 + count)
            for _ in 0..<count {
                let form = UInt8.random(in: 0...5, using: &random)
                bytes.append(form)
                if form < 2 { bytes += [1, UInt8.random(in: 0x61...0x65, using: &random)] }
                if form == 2 { bytes.append(UInt8.random(in: 0...9, using: &random)) }
                grow(&bytes, depth: depth + 1, using: &random)
            }
        case 7:
            bytes +=
                [0x13 + UInt8.random(in: 0...12, using: &random), count] + [UInt8](repeating: 1, count: 8)
        default: bytes.append(byte(using: &random))
        }
    }
}
