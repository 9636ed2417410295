import Testing

@testable import Roost

@Suite struct LineBufferTests {
    private func lines(_ pieces: [String], limit: Int = 8) -> (whole: [String], last: String?) {
        var buffer = LineBuffer(limit: limit)
        let whole = pieces.flatMap { piece in
            unsafe Array(piece.utf8).withUnsafeBytes { unsafe buffer.append($0) }
        }
        return (
            whole.map { String(decoding: $0, as: UTF8.self) },
            buffer.finish().map { String(decoding: $0, as: UTF8.self) }
        )
    }

    @Test func `bytes come out as the lines they complete`() {
        #expect(lines(["one\ntwo\n"]) == (["one", "two"], nil))
        #expect(lines(["o", "ne", "\n", "two", "\n"]) == (["one", "two"], nil))
        #expect(lines([]) == ([], nil))
        #expect(lines([""]) == ([], nil))
    }

    @Test func `empty lines stay`() {
        #expect(lines(["\n\na\n\n"]) == (["", "", "a", ""], nil))
    }

    @Test func `a last line without an end is kept until the stream ends`() {
        #expect(lines(["one\ntw", "o"]) == (["one"], "two"))
    }

    @Test func `an over-long line is cut and goes on`() {
        #expect(lines(["0123456789abcdefXY\nz\n"]) == (["01234567", "89abcdef", "XY", "z"], nil))
    }

    @Test func `a line of just the limit is one line`() {
        #expect(lines(["01234567\n"]) == (["01234567"], nil))
        #expect(lines(["01234567", "\n"]) == (["01234567"], nil))
        #expect(lines(["01234567"]) == ([], "01234567"))
        #expect(lines(["01234567", "8\n"]) == (["01234567", "8"], nil))
        #expect(lines(["0123456789abcdef\n\n"]) == (["01234567", "89abcdef", ""], nil))
    }

    @Test func `however the bytes are split the lines are the same`() {
        let text = Array("a\n\nbcdefghijklm\nno\np".utf8)
        let expected = ["a", "", "bcdefghi", "jklm", "no", "p"].map { Array($0.utf8) }
        for first in 0...text.count {
            for second in first...text.count {
                var buffer = LineBuffer(limit: 8)
                var found: [[UInt8]] = []
                for part in [text[..<first], text[first..<second], text[second...]] {
                    found += unsafe Array(part).withUnsafeBytes { unsafe buffer.append($0) }
                }
                if let last = buffer.finish() { found.append(last) }
                #expect(found == expected)
            }
        }
    }

    @Test func `what is no UTF-8 passes as it is`() {
        var buffer = LineBuffer()
        let bytes: [UInt8] = [0xFF, 0xC3, 0x28, 0x00, 0x0D, 0x0A]
        let found = unsafe bytes.withUnsafeBytes { unsafe buffer.append($0) }
        #expect(found == [[0xFF, 0xC3, 0x28, 0x00, 0x0D]])
        #expect(buffer.finish() == nil)
    }
}
