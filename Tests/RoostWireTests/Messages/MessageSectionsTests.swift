import RoostWire
import Testing
import WireSamples

@Suite struct MessageSectionsTests {
    private let key = ActorKey(owner: 0, number: 9)
    private let other = ActorKey(owner: 0x0102, number: 0x0304)

    private func written(_ sections: MessageSections) -> [UInt8] {
        let writer = ByteWriter()
        sections.write(to: writer)
        return unsafe [UInt8](writer.bytes)
    }

    private func read(_ bytes: [UInt8], _ flags: UInt8) throws -> MessageSections {
        try Wire.read(bytes) { reader in
            let sections = try MessageSections(from: &reader, flags: flags)
            try reader.expectEnd()
            return sections
        }
    }

    private var golden: [(sections: MessageSections, flags: UInt8, hex: String)] {
        let deadline = "0807060504030201"
        let path = "02 0000000000000000 0900000000000000 0201000000000000 0403000000000000"
        let sender = "0201000000000000 0403000000000000"
        let generics = "02 025369 00"
        let descriptors = "fd"
        return (0...31).map { (flags: UInt8) in
            func has(_ flag: UInt8) -> Bool { flags & flag != 0 }
            let sections = MessageSections(
                deadline: has(1) ? 0x0102_0304_0506_0708 : nil, path: has(2) ? [key, other] : [],
                sender: has(8) ? other : nil, generics: has(4) ? ["Si", ""] : [],
                descriptors: has(16) ? 253 : 0)
            // The sender's flag came last and its section before the generics.
            let parts = [
                has(1) ? deadline : "", has(2) ? path : "", has(8) ? sender : "", has(4) ? generics : "",
                has(16) ? descriptors : "",
            ]
            return (sections, flags, parts.joined())
        }
    }

    @Test func `each combination of sections has its bytes`() throws {
        for (sections, flags, text) in golden {
            #expect(sections.flags.rawValue == flags)
            #expect(hex(written(sections)) == hex(bytes(text)), "flags \(flags)")
            #expect(try read(bytes(text), flags) == sections)
        }
    }

    @Test func `sections cut off anywhere are truncated`() {
        for (_, flags, text) in golden {
            let whole = bytes(text)
            for length in 0..<whole.count {
                let error = #expect(throws: WireError.self) { try read(Array(whole.prefix(length)), flags) }
                #expect(error?.code == .truncated, "flags \(flags), \(length) bytes")
            }
        }
    }

    @Test func `unknown flags are malformed`() {
        // One that has no meaning, and a message that is redelivered and has no number.
        for flags: UInt8 in 0...255 where flags & 0x80 != 0 || flags & 0x60 == 0x40 {
            let error = #expect(throws: WireError.self) { try read([UInt8](repeating: 0, count: 64), flags) }
            #expect(error?.code == .malformed)
        }
    }

    @Test func `a count of no descriptors is malformed`() {
        let error = #expect(throws: WireError.self) { try read([0], 16) }
        #expect(error?.code == .malformed)
    }

    @Test func `a path of the greatest length arrives`() throws {
        let path = (0..<MessageSections.maximumPath).map { ActorKey(owner: 1, number: UInt64($0)) }
        let sections = MessageSections(path: path)
        #expect(try read(written(sections), sections.flags.rawValue) == sections)
    }

    @Test func `a type name that is no UTF-8 is malformed`() {
        let error = #expect(throws: WireError.self) { try read([1, 2, 0xC3, 0x28], 4) }
        #expect(error?.code == .malformed)
    }

    @Test func `a claimed count beyond the bytes costs nothing`() {
        for (bytes, flags) in [([255], 2), ([255], 4), ([1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], 4)]
            as [([UInt8], UInt8)]
        {
            let error = #expect(throws: WireError.self) { try read(bytes, flags) }
            #expect(error?.code == .truncated)
        }
    }

    @Test func `random frames are messages or errors with a type`() throws {
        var random = SplitMix64(seed: 21)
        let end = ContinuousClock.now + .seconds(1)
        var rounds = 0
        while ContinuousClock.now < end || rounds < 1_000 {
            rounds += 1
            var bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                // Small numbers, so that counts are often right.
                UInt8.random(in: 0...(random.chance(0.7) ? 3 : 255), using: &random)
            }
            if bytes.count > 1 && random.chance(0.8) {
                bytes[0] = UInt8.random(in: 1...2, using: &random)
                bytes[1] &= 31
            }
            do {
                let (header, sections, used) = try Wire.read(bytes) { reader in
                    let header = try FrameHeader(from: &reader)
                    let sections = try MessageSections(from: &reader, flags: header.flags)
                    return (header, sections, reader.offset)
                }
                #expect(used <= bytes.count && used >= FrameHeader.size)
                // What was read is read again from what it writes.
                #expect(try read(written(sections), sections.flags.rawValue) == sections)
                #expect(sections.flags.rawValue & ~header.flags == 0)
            } catch is WireError {
            }
        }
    }
}
