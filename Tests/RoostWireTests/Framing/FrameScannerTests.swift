import RoostWire
import Testing

@Suite struct FrameScannerTests {
    let scanner = FrameScanner(limit: 100)

    private func frame(_ bytes: [UInt8], at offset: Int = 0) throws -> Range<Int>? {
        try unsafe bytes.withUnsafeBytes { try unsafe scanner.nextFrame(in: $0, at: offset) }
    }

    private func size(_ bytes: [UInt8]) throws -> Int {
        try unsafe bytes.withUnsafeBytes { try unsafe scanner.sizeNeeded(in: $0, at: 0) }
    }

    @Test func `frames are found one after another`() throws {
        let bytes: [UInt8] = [2, 0, 0, 0, 7, 8, 0, 0, 0, 0, 1, 0, 0, 0, 9]
        #expect(try frame(bytes) == 4..<6)
        #expect(try frame(bytes, at: 6) == 10..<10)
        #expect(try frame(bytes, at: 10) == 14..<15)
        #expect(try frame(bytes, at: 15) == nil)
    }

    @Test func `an incomplete frame says how many bytes it needs`() throws {
        for length in 0..<4 { #expect(try size([UInt8](repeating: 9, count: length)) == 4) }
        for length in 4..<14 {
            let bytes: [UInt8] = [10, 0, 0, 0] + [UInt8](repeating: 1, count: length - 4)
            #expect(try frame(bytes) == nil)
            #expect(try size(bytes) == 14)
        }
    }

    @Test func `a frame above the limit is refused by its prefix alone`() throws {
        #expect(try size([100, 0, 0, 0]) == 104)
        let error = #expect(throws: WireError.self) { try frame([101, 0, 0, 0]) }
        #expect(error?.code == .tooLarge)
        #expect(throws: WireError.self) { try frame([0xFF, 0xFF, 0xFF, 0xFF]) }
    }

    @Test func `frames written are frames found`() throws {
        let writer = ByteWriter()
        for size in [0, 1, 100] {
            let start = FrameScanner.beginFrame(in: writer)
            for _ in 0..<size { writer.append(5) }
            try scanner.endFrame(start, in: writer)
        }
        let before = writer.count
        let start = FrameScanner.beginFrame(in: writer)
        for _ in 0..<101 { writer.append(5) }
        #expect(throws: WireError.self) { try scanner.endFrame(start, in: writer) }
        #expect(writer.count == before)
        let bytes = unsafe [UInt8](writer.bytes)
        #expect(try frame(bytes) == 4..<4)
        #expect(try frame(bytes, at: 4) == 8..<9)
        #expect(try frame(bytes, at: 9) == 13..<113)
    }
}
