/// Bytes that nearly mean something: random ones, and well-formed ones that are damaged a little.
package struct Damage {
    package var random: SplitMix64

    package init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    package mutating func number(below limit: Int) -> Int {
        Int.random(in: 0..<limit, using: &random)
    }

    package mutating func bytes(upTo limit: Int) -> [UInt8] {
        (0..<number(below: limit + 1)).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    /// A few changes anywhere in the bytes.
    package mutating func damaged(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0..<(1 + number(below: 3)) { damage(&bytes) }
        return bytes
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        guard let position = bytes.indices.randomElement(using: &random) else { return }
        switch number(below: 8) {
        case 0: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[position] = UInt8.random(in: 0...255, using: &random)
        case 2: bytes.removeSubrange(position...)
        case 3: bytes.remove(at: position)
        case 4: bytes.insert(contentsOf: self.bytes(upTo: 9), at: position)
        case 5: bytes.insert(contentsOf: bytes[..<position].suffix(9), at: position)
        default: overwrite(&bytes, at: position)
        }
    }

    /// A number at one of the edges of its width.
    private mutating func overwrite(_ bytes: inout [UInt8], at position: Int) {
        let width = [1, 2, 4, 8].randomElement(using: &random) ?? 1
        let edges: [UInt64] = [.max, UInt64(Int64.max), 1 << 63, 1 << 32, 0, 1]
        let edge: UInt64 = edges.randomElement(using: &random) ?? 0
        for index in 0..<width where position + index < bytes.count {
            bytes[position + index] = UInt8(truncatingIfNeeded: edge >> (8 * UInt64(index)))
        }
    }

    /// What goes over a socket: frames whose bodies are well formed, damaged or random, and sometimes no frames.
    ///
    /// `isAllowed` has the last word on each body that is in a frame of its own.
    package mutating func volley(of samples: [[UInt8]], allowing isAllowed: ([UInt8]) -> Bool) -> [UInt8] {
        switch number(below: 8) {
        case 0: return bytes(upTo: 64)
        case 1: return announcement() + bytes(upTo: 64)
        case 2:
            // Damage to the lengths too.
            let stream = frames(of: samples, allowing: isAllowed) { body, _ in body }
            let wrong = damaged(stream)
            return Self.bodies(in: wrong).allSatisfy(isAllowed) ? wrong : []
        case 3: return frames(of: samples, allowing: isAllowed) { _, damage in damage.bytes(upTo: 40) }
        case 4: return frames(of: samples, allowing: isAllowed) { body, _ in body }
        default: return frames(of: samples, allowing: isAllowed) { $1.damaged($0) }
        }
    }

    /// The length of a frame that is not there.
    private mutating func announcement() -> [UInt8] {
        let lengths: [UInt32] = [.max, 1 << 31, 256 << 20, 256 << 20 + 1, 64 << 20, 64 << 20 + 64 << 10, 0]
        let length = lengths.randomElement(using: &random) ?? 0
        return (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * UInt32($0))) }
    }

    private mutating func frames(
        of samples: [[UInt8]], allowing isAllowed: ([UInt8]) -> Bool,
        changing change: ([UInt8], inout Damage) -> [UInt8]
    ) -> [UInt8] {
        var stream: [UInt8] = []
        for _ in 0..<(1 + number(below: 12)) {
            guard let sample = samples.randomElement(using: &random) else { break }
            let body = change(sample, &self)
            if isAllowed(body) { stream += Self.framed(body) }
        }
        return stream
    }

    /// A body with its length before it.
    package static func framed(_ body: [UInt8]) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (8 * $0)) } + body
    }

    private static func bodies(in stream: [UInt8]) -> [[UInt8]] {
        var bodies: [[UInt8]] = []
        var rest = stream[...]
        while rest.count >= 4 {
            let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard rest.count >= length else { break }
            bodies.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return bodies
    }
}
