import Testing

@testable import WordCount

@Suite struct UTF8ScalarTests {
    @Test func `every scalar is read as it is written`() {
        for value in UInt32(0)..<0x110000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let bytes = Array(String(scalar).utf8)
            let read = read(bytes)
            // One comparison for each scalar: a million expectations would take minutes.
            if read.value != value || read.length != bytes.count {
                Issue.record("U+\(String(value, radix: 16))")
            }
        }
    }

    @Test(arguments: [
        [0x80], [0xbf], [0xc0, 0x80], [0xc1, 0xbf], [0xc3], [0xc3, 0x28], [0xe0, 0x9f, 0xbf], [0xe2, 0x82],
        [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xf0, 0x8f, 0xbf, 0xbf], [0xf0, 0x9f, 0x98],
        [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80], [0xff],
    ])
    func `what is not well-formed is no scalar`(bytes: [UInt8]) {
        #expect(read(bytes).length == 0)
    }

    private func read(_ bytes: [UInt8]) -> (value: UInt32, length: Int) {
        let padded = bytes + [0, 0, 0, 0]
        let scalar = unsafe padded.withUnsafeBytes { buffer in
            unsafe buffer.baseAddress.map { unsafe UTF8Scalar(at: $0) } ?? .malformed
        }
        return (scalar.value, scalar.length)
    }
}
