import Testing

@testable import Roost

@Suite struct BacktraceTests {
    /// What `swift-backtrace` wrote of a crash like this, with some frames and registers taken out.
    private let golden = #"""

        *** Signal 4: Backtracing from 0x7f265e16df7f... done ***

        { "timestamp": "2026-11-21T12:01:55.678097Z", "kind": "crashReport", "description": "Illegal instruction",
        "faultAddress": "0x00007f265e16df7f", "platform": "Linux (\"A\" GNU\/Linux)", "architecture": "x86_64",
        "threads": [ { "name": "other", "crashed": false, "frames": [ { "kind": "programCounter", "address": "0x1" } ] },
        { "name": "p", "crashed": true, "registers": {"rax": "0x0000000000000000", "rdx": "0x00000000000002b4" },
        "frames": [ { "kind": "programCounter", "address": "0x00007f265e16df7f", "symbol": "$ss17", "offset": 623,
        "description": "closure #1 in closure #1 in _assertionFailure(_:_:file:line:flags:) + 623", "image": "libswiftCore.so" },
        { "kind": "returnAddress", "address": "0x00005556b87d1087", "symbol": "$s1p6ParserV7explodeyS2iF", "offset": 150,
        "description": "Parser.explode(_:) + 150", "image": "p",
        "sourceLocation": { "file": "/src/Sources/p.swift", "line": 5, "column": 96 } },
        { "kind": "omittedFrames", "count": 47547 },
        { "kind": "asyncResumePoint", "address": "0x00005556b87d1059", "thunk": true, "symbol": "$s1", "offset": 0,
        "description": "partial apply for closure #1", "image": "p",
        "sourceLocation": { "file": "//<compiler-generated>", "line": 0, "column": 0 } },
        { "kind": "returnAddress", "address": "0x00005556b87d0f41" },
        { "kind": "asyncResumePoint", "address": "0x00005556b87d110a",
        "description": "swift_distributed_execute_target_resume(swift::AsyncContext*)", "image": "libswiftDistributed.so" },
        { "kind": "asyncResumePoint", "address": "0x00005556b87d110b", "description": "LocalActor.serve()", "image": "p" },
        { "kind": "truncated" } ] } ], "capturedMemory": { "0x00007fff7bcdc858": "7ae9cd7b" },
        "backtraceTime": 0.006595663000000001 }
        """#

    @Test func `the frames of the crashed thread are read`() throws {
        let backtrace = try #require(Backtrace(json: Array(golden.utf8)))
        #expect(backtrace.frames.map(\.address).prefix(2) == [0x7f26_5e16_df7f, 0x5556_b87d_1087])
        #expect(backtrace.frames.count == 6)
        #expect(
            backtrace.frames[1]
                == Backtrace.Frame(
                    function: "Parser.explode(_:)", file: "/src/Sources/p.swift", line: 5, module: "p",
                    address: 0x5556_b87d_1087, isGenerated: false, omitted: 47_547))
        #expect(backtrace.frames[2].isGenerated && backtrace.frames[2].file == nil)
        #expect(backtrace.frames[3].function == nil)
    }

    @Test func `a report shows what the actor did, and not how it is run`() throws {
        let backtrace = try #require(Backtrace(json: Array(golden.utf8)))
        #expect(
            backtrace.summary == [
                "Parser.explode(_:) at p.swift:5", "… 47547 more …", "0x5556b87d0f41",
                "… and 2 more of the runtime",
            ])
        #expect(backtrace.description.split(separator: "\n").count == 7)
    }

    @Test func `a function is shown although the optimiser has taken its line`() throws {
        func frame(_ name: String, _ line: Int, _ more: String) -> String {
            let file = line == 0 ? "//<compiler-generated>" : "/src/a.swift"
            return #"{ "address": "0x1", "description": "\#(name)", "sourceLocation": "#
                + #"{ "file": "\#(file)", "line": \#(line) } \#(more) }"#
        }
        let frames = [
            frame("f()", 0, #", "system": true"#), frame("g()", 3, ""), frame("g()", 0, #", "system": true"#),
            frame("h()", 0, #", "thunk": true"#),
        ]
        let json = #"{ "threads": [ { "crashed": true, "frames": [\#(frames.joined(separator: ","))] } ] }"#
        let backtrace = try #require(Backtrace(json: Array(json.utf8)))
        #expect(backtrace.summary == ["f()", "g() at a.swift:3"])
    }

    @Test func `a crash in the runtime alone is shown whole`() {
        let frame = Backtrace.Frame(
            function: "swift_distributed_execute_target", module: "m", address: 1, isGenerated: false)
        #expect(Backtrace(frames: [frame, frame]).summary == ["\(frame), 2 times"])
    }

    @Test func `a recursion is one line, and no line is endless`() {
        var frames = [
            Backtrace.Frame(function: "f", file: "a.swift", line: 7, address: 1, isGenerated: false),
            Backtrace.Frame(function: "f", file: "a.swift", line: 7, address: 2, isGenerated: false),
            Backtrace.Frame(
                function: "f", file: "a.swift", line: 7, address: 3, isGenerated: false, omitted: 5),
            Backtrace.Frame(function: "f", file: "a.swift", line: 7, address: 4, isGenerated: false),
            Backtrace.Frame(
                function: String(repeating: "g", count: 500), address: 5, isGenerated: false),
        ]
        #expect(
            Backtrace(frames: frames).summary == [
                "f at a.swift:7, 3 times", "… 5 more …", "f at a.swift:7",
                String(repeating: "g", count: 160) + "…",
            ])
        frames = (1...30).map { Backtrace.Frame(function: "f\($0)", address: $0, isGenerated: false) }
        #expect(Backtrace(frames: frames).summary.count == 25)
        #expect(Backtrace(frames: frames).summary.last == "… and 6 more")
    }

    @Test(arguments: [
        "", "*** failed ***", "{}", #"{"threads":[]}"#, #"{"threads":[{"crashed":true,"frames":[]}]}"#,
        #"{"threads":[{"crashed":true,"frames":[{"address":"1"},{"address":7}]}]}"#,
    ])
    func `what is no backtrace is refused`(text: String) {
        #expect(Backtrace(json: Array(text.utf8)) == nil)
    }

    @Test func `a backtrace that was cut anywhere is refused`() {
        let bytes = Array(golden.utf8)
        for count in stride(from: 0, to: bytes.count, by: 7) {
            #expect(Backtrace(json: Array(bytes.prefix(count))) == nil)
        }
    }
}
