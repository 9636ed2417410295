import RoostWire
import Testing
import WireSamples

@Suite struct FrameHeaderTests {
    private func written(_ header: FrameHeader) -> [UInt8] {
        let writer = ByteWriter()
        header.write(to: writer)
        return unsafe [UInt8](writer.bytes)
    }

    private func read(_ bytes: [UInt8]) throws -> FrameHeader {
        try Wire.read(bytes) { try FrameHeader(from: &$0) }
    }

    @Test func `each kind of frame has its bytes`() throws {
        let golden: [(FrameHeader, String)] = [
            (
                FrameHeader(kind: .call, flags: 7, target: 0x0102, receiver: 3, call: 4),
                "01 07 0201 03000000 04000000"
            ),
            (
                FrameHeader(kind: .tell, flags: 2, target: 5, receiver: 0x0A0B_0C0D),
                "02 02 0500 0d0c0b0a 00000000"
            ),
            (FrameHeader(kind: .reply, flags: 3, call: 0x0102_0304), "03 03 0000 00000000 04030201"),
            (FrameHeader(kind: .cancel, receiver: 1, call: 2), "04 00 0000 01000000 02000000"),
            (FrameHeader(kind: .defineTarget, target: 0xFFFE), "05 00 feff 00000000 00000000"),
            (FrameHeader(kind: .credit, receiver: 6, call: 256), "06 00 0000 06000000 00010000"),
            (FrameHeader(kind: .needCredit, receiver: .max), "07 00 0000 ffffffff 00000000"),
            (FrameHeader(kind: .limit, flags: 1, receiver: 2, call: 32), "08 01 0000 02000000 20000000"),
            (FrameHeader(kind: .limited, flags: 1, receiver: 2, call: 1), "09 01 0000 02000000 01000000"),
            (FrameHeader(kind: .large, target: 253, call: 5), "0a 00 fd00 00000000 05000000"),
            (FrameHeader(kind: .piece, call: 5), "0b 00 0000 00000000 05000000"),
            (FrameHeader(kind: .abandon, call: 5), "0c 00 0000 00000000 05000000"),
            (FrameHeader(kind: .acknowledged, receiver: 2, call: 3), "0d 00 0000 02000000 03000000"),
            (FrameHeader(kind: .toMailbox, flags: 1, receiver: 2, call: 3), "0e 01 0000 02000000 03000000"),
            (FrameHeader(kind: .toSender, flags: 4, receiver: 2, call: 3), "0f 04 0000 02000000 03000000"),
        ]
        #expect(golden.map(\.0.kind) == FrameKind.allCases)
        for (header, text) in golden {
            #expect(hex(written(header)) == hex(bytes(text)), "\(header)")
            #expect(try read(bytes(text)) == header)
        }
    }

    @Test func `a header takes twelve bytes and leaves the rest`() throws {
        let header = FrameHeader(kind: .call, flags: 1, target: 2, receiver: 3, call: 4)
        #expect(written(header).count == FrameHeader.size)
        let (copy, offset, remaining) = try Wire.read(written(header) + [9, 9]) { reader in
            let copy = try FrameHeader(from: &reader)
            return (copy, reader.offset, reader.remaining)
        }
        #expect(copy == header && offset == 12 && remaining == 2)
    }

    @Test func `a header cut off anywhere is truncated`() {
        let whole = written(FrameHeader(kind: .call))
        for length in 0..<whole.count {
            let error = #expect(throws: WireError.self) { try read(Array(whole.prefix(length))) }
            #expect(error?.code == .truncated, "\(length) bytes")
        }
    }

    @Test func `an unknown kind of frame is malformed, at its byte`() {
        for kind in (UInt8.min...UInt8.max) where FrameKind(rawValue: kind) == nil {
            let error = #expect(throws: WireError.self) {
                try read([kind] + [UInt8](repeating: 0, count: 11))
            }
            #expect(error?.code == .malformed && error?.offset == 0)
            #expect(error?.message == "unknown frame kind \(kind)")
        }
        #expect(FrameKind.allCases.map(\.rawValue) == Array(1...15))
    }

    @Test func `any twelve bytes that are a header are written the same`() throws {
        var random = SplitMix64(seed: 3)
        for _ in 0..<10_000 {
            var bytes = (0..<12).map { _ in UInt8.random(in: 0...255, using: &random) }
            bytes[0] = UInt8.random(in: 1...12, using: &random)
            #expect(written(try read(bytes)) == bytes)
        }
    }

    @Test func `the statuses of replies are part of the protocol`() {
        #expect([ReplyStatus.value, .void, .thrown, .refused].map(\.rawValue) == [0, 1, 2, 3])
        #expect(ReplyStatus(rawValue: 4) == nil)
    }
}
