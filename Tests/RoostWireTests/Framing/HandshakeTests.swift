import RoostWire
import Testing
import WireSamples

@Suite struct HandshakeTests {
    private func bytes(_ handshake: Handshake) -> [UInt8] {
        let writer = ByteWriter()
        handshake.write(to: writer)
        return unsafe [UInt8](writer.bytes)
    }

    @Test func `a handshake is read back`() throws {
        let handshake = Handshake(versions: 2...5)
        #expect(try Wire.read(bytes(handshake)) { try Handshake(from: &$0) } == handshake)
    }

    @Test func `both sides come to the highest version they share`() throws {
        let old = Handshake(versions: 1...3)
        let new = Handshake(versions: 2...9)
        #expect(try old.agree(with: new) == 3)
        #expect(try new.agree(with: old) == 3)
    }

    @Test func `sides without a common version get an error that names both`() {
        let error = #expect(throws: WireError.self) {
            try Handshake(versions: 1...2).agree(with: Handshake(versions: 4...4))
        }
        #expect(error?.code == .unsupportedVersion)
        #expect(error?.message == "this side speaks versions 1 to 2, the peer 4")
    }

    @Test func `other protocols and damaged handshakes are refused`() {
        for bytes: [UInt8] in [
            [UInt8]("GET / HTTP/1.1\r\n\r\n      ".utf8), Array(bytes(.current).dropLast()),
            Handshake.magic + [2, 0, 1, 0], [],
        ] {
            #expect(throws: WireError.self) { try Wire.read(bytes) { try Handshake(from: &$0) } }
        }
    }

    @Test func `fields that a later version adds are ignored`() throws {
        let longer = bytes(.current) + [1, 2, 3]
        #expect(try Wire.read(longer) { try Handshake(from: &$0) } == .current)
    }
}
