import Foundation
import Testing

extension Trait where Self == ConditionTrait {
    /// For tests that keep a machine busy, and measure on it: they run by themselves, and when asked to.
    ///
    ///     ROOST_LOAD_TESTS=1 swift test --no-parallel --filter Tree
    static var underLoad: Self {
        .enabled(
            if: ProcessInfo.processInfo.environment["ROOST_LOAD_TESTS"] != nil,
            "it needs the machine for itself: ROOST_LOAD_TESTS=1 swift test --no-parallel --filter Tree")
    }
}

/// What may be expected of the machine.
enum Machine {
    /// Whether nothing else runs on it, so that times can be looked at.
    static let isQuiet = ProcessInfo.processInfo.environment["ROOST_LOAD_TESTS"] != nil

    /// A time that holds on a quiet machine with optimised code; long enough for anything elsewhere.
    static func limit(_ limit: Duration) -> Duration {
        if !isQuiet { return .seconds(20) }
        #if DEBUG
            return limit * 5
        #else
            return limit
        #endif
    }
}

/// Suites that keep a machine busy: one test of them at a time, so that the limits of others' times hold beside them.
@Suite(.serialized) enum BusyTests {}

/// Suites of what is built on actors, with processes: one test of them at a time, since many look again and again for
/// what nobody announces.
@Suite(.serialized) enum PatternTests {}
