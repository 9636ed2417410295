import RoostWire
import Testing

@Suite struct ByteReaderTests {
    @Test func `what was written is read in order`() throws {
        let writer = ByteWriter()
        writer.append(7)
        writer.appendFixed(Int64.min)
        writer.appendVarint(300)
        writer.appendString("grüße")
        try unsafe Wire.read([UInt8](writer.bytes)) { reader in
            #expect(try reader.readByte() == 7)
            #expect(try reader.readFixed(Int64.self) == .min)
            #expect(try reader.readVarint() == 300)
            #expect(try reader.readString() == "grüße")
            #expect(reader.remaining == 0)
            #expect(reader.offset == writer.count)
            try reader.expectEnd()
        }
    }

    @Test func `reading too far is an error and moves nothing`() {
        Wire.read([1, 2, 3]) { reader in
            #expect(throws: WireError.self) { try reader.readFixed(UInt32.self) }
            unsafe #expect(throws: WireError.self) { try unsafe reader.readBytes(4) }
            unsafe #expect(throws: WireError.self) { try unsafe reader.readBytes(-1) }
            #expect(reader.offset == 0)
            #expect(throws: WireError.self) { try reader.expectEnd() }
        }
        Wire.read([]) { reader in
            #expect(throws: WireError.self) { try reader.readByte() }
            #expect(throws: WireError.self) { try reader.readVarint() }
        }
    }

    @Test func `a count must be plausible for what is left`() throws {
        #expect(try Wire.read([4, 0, 0, 0, 0]) { try $0.readCount() } == 4)
        Wire.read([4, 0, 0, 0, 0]) { reader in
            let error = #expect(throws: WireError.self) { try reader.readCount(elementSize: 2) }
            #expect(error?.code == .truncated)
            #expect(reader.offset == 0)
        }
    }

    @Test func `a string that is not UTF-8 is an error at its start`() {
        Wire.read([0x00, 0x02, 0xC3, 0x28]) { reader in
            _ = try? reader.readByte()
            let error = #expect(throws: WireError.self) { try reader.readString() }
            #expect(error?.code == .malformed)
            #expect(error?.offset == 1)
            #expect(reader.offset == 1)
        }
    }

    @Test func `an error reads as a sentence`() {
        let error = WireError(.malformed, "a string is not valid UTF-8", offset: 12, path: "orders[3].name")
        #expect("\(error)" == "malformed at byte 12 in orders[3].name: a string is not valid UTF-8")
    }
}
