import RoostWire
import Testing

@testable import Roost

@Suite struct ExitReasonTests {
    private static let killers: [ExitReason.Killer] = [
        .user, .shutdownTimeout, .watchdog, .stopped, .memoryLimit, .protocolViolation, .startTimeout,
    ]

    private static let all: [ExitReason] =
        [
            .normal, .shutdown, .failed(RemoteError(typeName: "Oops", message: "no money")),
            .crashed(signal: 11),
            .crashed(signal: 64), .exited(code: 0), .exited(code: -1), .exited(code: 255), .unknown,
        ] + killers.map { .killed(by: $0) }

    @Test(arguments: all) func `a reason is the same after its way through a record`(_ reason: ExitReason)
        throws
    {
        #expect(ExitReason(reason.record) == reason)
        let writer = ByteWriter()
        try WireCoding.encode(reason.record, into: writer)
        var reader = unsafe ByteReader(writer.bytes)
        let record = try WireCoding.decode(ExitRecord.self, from: &reader)
        try reader.expectEnd()
        #expect(record == reason.record)
        #expect(ExitReason(record) == reason)
    }

    @Test func `each reason has a record of its own`() {
        for (index, reason) in Self.all.enumerated() {
            #expect(Self.all.enumerated().allSatisfy { ($1.record == reason.record) == ($0 == index) })
        }
    }

    @Test func `a killer that this version does not know is an unknown reason`() {
        #expect(ExitReason(.killed(by: 7)) == .unknown)
        #expect(ExitReason(.killed(by: 255)) == .unknown)
    }

    @Test func `a killer's number is part of the protocol`() {
        #expect(Self.killers.map(\.rawValue) == Array(0..<7))
    }

    @Test func `an error that was a value becomes its description`() {
        let failure = RemoteFailure(
            typeName: "Oops", description: "no", value: .init(mangledType: "4Oops", bytes: [1, 2]))
        let reason = ExitReason(.failed(failure))
        #expect(reason == .failed(RemoteError(typeName: "Oops", message: "no")))
        #expect(reason.record == .failed(RemoteFailure(typeName: "Oops", description: "no")))
    }

    @Test func `only a normal end and a shutdown are normal`() {
        for reason in Self.all {
            #expect(reason.isNormal == (reason == .normal || reason == .shutdown), "\(reason)")
        }
    }

    @Test func `a description completes "it …"`() {
        let texts: [(ExitReason, String)] = [
            (.normal, "ended normally"), (.shutdown, "was shut down"),
            (.failed(RemoteError(typeName: "Oops", message: "no")), "failed: Oops: no"),
            (.crashed(signal: 9), "crashed with SIGKILL"), (.crashed(signal: 11), "crashed with SIGSEGV"),
            (.crashed(signal: 6), "crashed with SIGABRT"), (.crashed(signal: 15), "crashed with SIGTERM"),
            (.crashed(signal: 4), "crashed with SIGILL"), (.crashed(signal: 5), "crashed with SIGTRAP"),
            (.crashed(signal: 64), "crashed with signal 64"), (.exited(code: 0), "exited with code 0"),
            (.exited(code: 70), "exited with code 70"), (.unknown, "ended for an unknown reason"),
        ]
        for (reason, text) in texts { #expect(reason.description == text) }
        for killer in Self.killers {
            #expect(ExitReason.killed(by: killer).description == "was killed (\(killer))")
        }
        #expect(
            Self.killers.map(\.description) == [
                "user", "shutdownTimeout", "watchdog", "stopped", "memoryLimit", "protocolViolation",
                "startTimeout",
            ])
    }
}
