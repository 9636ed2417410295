import Testing

@testable import Roost

@Suite struct CrashReportTests {
    private let report = CrashReport(
        actor: "parser-7", typeName: "Parser", supervisorPath: ["root", "parsers"], processID: 4_711,
        incarnation: 2, reason: .crashed(signal: 4), timeAlive: .microseconds(3_250_700),
        message: CrashReport.Message(target: "parse(_:)", sender: "reader", count: 17), mailboxDepth: 3,
        lastErrors: ["Fatal error: Index out of range", "and more"],
        decision: .restart(after: .milliseconds(10)))

    @Test func `a report says who crashed, why, while doing what, and what becomes of it`() {
        #expect(
            report.description == """
                roost: Parser "parser-7" crashed with SIGILL
                  process:      4711, incarnation 2, alive for 3.25 seconds
                  supervisors:  root / parsers
                  message:      parse(_:) from reader, number 17; 3 more waited
                  decision:     restarted after 0.01 seconds
                  its last words:
                    Fatal error: Index out of range
                    and more
                """)
    }

    @Test func `what is not known is left out`() {
        var report = report
        report.supervisorPath = []
        report.processID = nil
        report.message = nil
        report.mailboxDepth = nil
        report.lastErrors = []
        report.decision = .gaveUp
        #expect(
            report.description == """
                roost: Parser "parser-7" crashed with SIGILL
                  process:      incarnation 2, alive for 3.25 seconds
                  decision:     stays dead: it was restarted too often
                """)
    }

    @Test func `a report ends with the backtrace, or says why there is none`() {
        var report = report
        report.supervisorPath = []
        report.message = nil
        report.lastErrors = ["bye"]
        report.backtrace = Backtrace(frames: [
            Backtrace.Frame(
                function: "Parser.field(_:)", file: "/src/Parser.swift", line: 12, address: 1,
                isGenerated: false)
        ])
        #expect(
            report.description.hasSuffix(
                """
                  its last words:
                    bye
                  backtrace:
                    Parser.field(_:) at Parser.swift:12
                """))
        report.backtrace = nil
        report.missingBacktrace = "it was not made within 2.0 seconds"
        #expect(
            report.description.hasSuffix(
                """
                  decision:     restarted after 0.01 seconds
                  backtrace:    none: it was not made within 2.0 seconds
                  its last words:
                    bye
                """))
    }
}
