import Testing

@testable import Roost

@Suite struct RecentLinesTests {
    @Test func `the last twenty lines are kept`() {
        var lines = RecentLines()
        for number in 1...50 { lines.add(Array("\(number)".utf8)) }
        #expect(lines.texts == (31...50).map(String.init))
    }

    @Test func `no more than 8 KiB are kept`() {
        var lines = RecentLines()
        for letter in "abcdefghij" { lines.add(Array(String(repeating: letter, count: 1_000).utf8)) }
        #expect(lines.texts.map(\.first) == Array("cdefghij"))
        lines.add([UInt8](repeating: 0x2E, count: LineBuffer.lineLimit))
        #expect(lines.texts == [String(repeating: ".", count: LineBuffer.lineLimit)])
    }

    @Test func `the line that says why outlasts the stack trace after it`() {
        var lines = RecentLines()
        for text in ["before", "a.swift:1: Fatal error: one", "a.swift:2: Fatal error: two"] {
            lines.add(Array(text.utf8))
        }
        for number in 1...50 { lines.add(Array("\(number)".utf8)) }
        #expect(lines.texts == ["a.swift:2: Fatal error: two"] + (32...50).map(String.init))
        lines.add([UInt8](repeating: 0x2E, count: LineBuffer.lineLimit))
        #expect(lines.texts.first == "a.swift:2: Fatal error: two")
    }

    @Test func `what is no UTF-8 is shown as such`() {
        var lines = RecentLines()
        lines.add([0x61, 0xFF])
        #expect(lines.texts == ["a\u{FFFD}"])
    }
}
