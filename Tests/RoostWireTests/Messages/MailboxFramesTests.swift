import RoostWire
import Testing
import WireSamples

@Suite struct MailboxFramesTests {
    private let orders: [(order: ToMailbox, hex: String)] = [
        (.open(nil, name: "n"), "00 01 6e"),
        (.open(ActorKey(owner: 1, number: 2), name: ""), "01 0100000000000000 0200000000000000 00"),
        (.needCredit, ""),
        (.limited(count: 3, givesBack: true), "03000000 01"),
        (.askReceipt(5), "0500000000000000"),
        (.finish, ""),
    ]
    private let words: [(word: ToSender, hex: String)] = [
        (.opened(messages: 1, bytes: 2), "0100000000000000 0200000000000000"),
        (.credit(messages: 3, bytes: 4), "0300000000000000 0400000000000000"),
        (.limit(messages: 5, bytes: 6, isLowered: true), "0500000000000000 0600000000000000 01"),
        (.receipt(7), "0700000000000000"),
        (.closed(.undecodable, detail: "x"), "03 01 78"),
    ]

    private func written(_ write: (ByteWriter) -> Void) -> [UInt8] {
        let writer = ByteWriter()
        write(writer)
        return unsafe [UInt8](writer.bytes)
    }

    private func order(_ bytes: [UInt8], _ flags: UInt8) throws -> ToMailbox {
        try Wire.read(bytes) { try ToMailbox(from: &$0, flags: flags) }
    }

    private func word(_ bytes: [UInt8], _ flags: UInt8) throws -> ToSender {
        try Wire.read(bytes) { try ToSender(from: &$0, flags: flags) }
    }

    @Test func `each order and each word has its bytes`() throws {
        for (order, text) in orders {
            #expect(hex(written(order.write)) == hex(bytes(text)), "\(order)")
            #expect(try self.order(bytes(text), order.kind.rawValue) == order)
        }
        for (word, text) in words {
            #expect(hex(written(word.write)) == hex(bytes(text)), "\(word)")
            #expect(try self.word(bytes(text), word.kind.rawValue) == word)
        }
    }

    @Test func `orders and words cut off anywhere are truncated`() {
        for (order, text) in orders {
            for count in 0..<bytes(text).count {
                #expect(throws: WireError.self) {
                    try self.order(Array(bytes(text).prefix(count)), order.kind.rawValue)
                }
            }
        }
        for (word, text) in words {
            for count in 0..<bytes(text).count {
                #expect(throws: WireError.self) {
                    try self.word(Array(bytes(text).prefix(count)), word.kind.rawValue)
                }
            }
        }
    }

    @Test func `elements are counted, and no more are claimed than the bytes can hold`() throws {
        let kind = ToMailbox.Kind.elements.rawValue
        #expect(try order(bytes("02000000 81 82"), kind) == .elements(count: 2))
        for wrong in ["00000000", "00000000 81", "03000000 81 82", "ffffffff 81", "020000"] {
            #expect(throws: WireError.self, "\(wrong)") { try order(bytes(wrong), kind) }
        }
    }

    @Test func `unknown kinds, reasons and flags are refused`() {
        for flags in UInt8(6)...255 {
            #expect(throws: WireError.self) { try order([UInt8](repeating: 0, count: 64), flags) }
        }
        for flags in UInt8(5)...255 {
            #expect(throws: WireError.self) { try word([UInt8](repeating: 0, count: 64), flags) }
        }
        #expect(throws: WireError.self) { try word(bytes("04 00"), ToSender.Kind.closed.rawValue) }
        #expect(throws: WireError.self) { try order(bytes("02 00"), ToMailbox.Kind.open.rawValue) }
        #expect(throws: WireError.self) { try order(bytes("00000000 02"), ToMailbox.Kind.limited.rawValue) }
    }

    @Test func `amounts beyond all measure do not overflow`() throws {
        let most = bytes("ffffffffffffffff ffffffffffffffff")
        let word = try word(most, ToSender.Kind.credit.rawValue)
        #expect(word == .credit(messages: 1 << 40, bytes: 1 << 40))
    }

    @Test func `any bytes are read or refused`() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func random() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        for _ in 0..<20_000 {
            let noise = (0..<Int(random() % 40)).map { _ in random() }
            let flags = random() % 8
            _ = try? order(noise, flags)
            _ = try? word(noise, flags)
        }
    }
}
