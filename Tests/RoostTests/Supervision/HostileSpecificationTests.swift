import RoostWire
import Testing

@testable import Roost

/// What a worker asks the node to start is checked when it is read: the node must not fall over it later.
@Suite struct HostileSpecificationTests {
    private func copy<T: Codable>(_ value: T) throws -> T {
        try WireCoding.value(T.self, of: try WireCoding.bytes(of: value))
    }

    private func expectRefused<T: Codable>(
        _ value: T, _ change: (inout T) -> Void, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        _ = try copy(value)
        var changed = value
        change(&changed)
        #expect(throws: DecodingError.self, sourceLocation: sourceLocation) { try copy(changed) }
    }

    @Test func `what an initialiser would not take is not decoded either`() throws {
        try expectRefused(RestartIntensity()) { $0.restarts = -1 }
        try expectRefused(RestartIntensity()) { $0.period = .zero }
        try expectRefused(Backoff()) { $0.initial = .seconds(-1) }
        try expectRefused(Backoff()) { $0.maximum = .zero }
        for jitter in [-0.1, 1.1, .infinity, .nan, 1e300] {
            try expectRefused(Backoff()) { $0.jitter = jitter }
        }
        try expectRefused(ResourceLimits()) { $0.addressSpace = -1 }
        try expectRefused(ResourceLimits()) { $0.openFiles = 0 }
        try expectRefused(ResourceLimits()) { $0.residentMemory = .min }
        try expectRefused(SpawnOptions()) { $0.limits.addressSpace = -1 }
        try expectRefused(SpawnOptions()) { $0.backoff.jitter = 2 }
    }

    @Test func `the longest backoff there is can be doubled and jittered`() {
        let longest = Duration(attoseconds: .max)
        for initial in [longest, .seconds(Int64.max / 2), .nanoseconds(1)] {
            let backoff = Backoff(initial: initial, maximum: longest, jitter: 1)
            for random in [0, 0.5, 1.0] {
                #expect(backoff.delay(beforeRestart: 100, random: random) >= .zero)
            }
        }
    }
}
