import RoostWire
import Testing

@Suite struct ByteWriterTests {
    @Test func `numbers are little endian`() {
        let writer = ByteWriter()
        writer.append(0xAB)
        writer.appendFixed(UInt32(0x0102_0304))
        writer.appendFixed(Int16(-2))
        #expect(unsafe [UInt8](writer.bytes) == [0xAB, 4, 3, 2, 1, 0xFE, 0xFF])
        writer.overwriteFixed(UInt16(0xBEEF), at: 1)
        #expect(unsafe [UInt8](writer.bytes) == [0xAB, 0xEF, 0xBE, 2, 1, 0xFE, 0xFF])
    }

    @Test(arguments: [0, 1, 127, 128, 300, 16383, 16384, UInt64(UInt32.max), .max])
    func `a varint is read back`(value: UInt64) throws {
        let writer = ByteWriter(capacity: 1)
        writer.appendVarint(value)
        #expect(try unsafe Wire.read([UInt8](writer.bytes)) { try $0.readVarint() } == value)
        #expect(writer.count == max(1, (70 - value.leadingZeroBitCount) / 7))
    }

    @Test func `bytes removed from the front never come back`() {
        let writer = ByteWriter(capacity: 32)
        var expected: [UInt8] = []
        for round in 0..<1000 {
            let byte = UInt8(truncatingIfNeeded: round)
            writer.appendFixed(UInt32(byte))
            expected += [byte, 0, 0, 0]
            if round.isMultiple(of: 3) {
                let gone = min(expected.count, round % 11)
                writer.removeFirst(gone)
                expected.removeFirst(gone)
            }
            #expect(unsafe writer.bytes.elementsEqual(expected))
        }
        writer.removeFirst(writer.count)
        #expect(writer.count == 0)
    }

    @Test func `a queue that is drained as fast as it is filled does not grow`() {
        let writer = ByteWriter(capacity: 64)
        for _ in 0..<10_000 {
            writer.appendFixed(UInt64(1))
            if writer.count > 24 { writer.removeFirst(8) }
        }
        #expect(writer.capacity == 64)
    }

    @Test func `truncating drops the end`() {
        let writer = ByteWriter()
        writer.appendString("hello")
        writer.truncate(to: 3)
        #expect(unsafe [UInt8](writer.bytes) == [5, 0x68, 0x65])
    }

    @Test func `storage is kept unless it is above the limit`() {
        let writer = ByteWriter(capacity: 64)
        writer.reserve(10_000)
        writer.removeAll()
        #expect(writer.capacity >= 10_000)
        writer.removeAll(shrinkingAbove: 20_000)
        #expect(writer.capacity >= 10_000)
        writer.removeAll(shrinkingAbove: 1000)
        #expect(writer.capacity == 64)
    }
}
