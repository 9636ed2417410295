import Testing

@testable import Roost

@Suite struct JSONTextTests {
    private func value(_ text: String) -> JSONValue? { JSONText.value(of: Array(text.utf8)[...]) }

    @Test func `values of every kind are read`() {
        #expect(
            value(#" { "a" : [ 1 , -2.5e3 , true, false,null ], "b":{} , "c" : [] }"#)
                == .object([
                    "a": .array([.number("1"), .number("-2.5e3"), .bool(true), .bool(false), .null]),
                    "b": .object([:]), "c": .array([]),
                ]))
        #expect(value("[7]")?.elements.first?.integer == 7)
    }

    @Test func `strings are read with what is escaped in them`() {
        #expect(value(#""a\"\\\/\b\f\n\r\té""#)?.string == "a\"\\/\u{8}\u{c}\n\r\té")
        #expect(value(#""\u00e9\u20AC\ud83d\ude00""#)?.string == "é€😀")
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1", "[1,", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "\"",
        "\"a",
        "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\ud83d\"", "\"\\ud83d\\u0041\"", "\"\\ude00\"", "tru", "nul", "?",
    ])
    func `what is no JSON is refused`(text: String) {
        #expect(value(text) == nil)
    }

    @Test func `nesting without end is refused`() {
        #expect(value(String(repeating: "[", count: 1_000_000)) == nil)
        #expect(value(String(repeating: "[", count: 20) + String(repeating: "]", count: 20)) != nil)
    }
}
