import Testing

@testable import WordCount

@Suite struct ByteLanesTests {
    @Test func `every byte is classified in every lane, whatever its neighbours are`() {
        for byte in UInt8.min...UInt8.max {
            let character = Character(Unicode.Scalar(byte))
            let isLetter = byte < 0x80 && character.isLetter
            let isDigit = byte < 0x80 && character.isNumber
            for lane in 0..<8 {
                for neighbour: UInt64 in [0, 0x4141_4141_4141_4141, .max, 0x7a7a_7a7a_7a7a_7a7a] {
                    let shift = UInt64(lane * 8)
                    let lanes = neighbour & ~(0xff << shift) | UInt64(byte) << shift
                    let mark: UInt64 = 0x80 << shift
                    #expect((ByteLanes.letters(lanes) & mark != 0) == isLetter)
                    #expect((ByteLanes.lettersAndDigits(lanes) & mark != 0) == (isLetter || isDigit))
                }
            }
        }
    }

    @Test func `the first lanes are kept`() {
        for count in 0..<8 {
            #expect(ByteLanes.first(count, of: .max).trailingZeroBitCount == (count == 0 ? 64 : 0))
            #expect(ByteLanes.first(count, of: .max).nonzeroBitCount == count * 8)
        }
        #expect(ByteLanes.firstMarked(0) == 8)
        #expect(ByteLanes.firstMarked(0x80_0000) == 2)
    }
}
