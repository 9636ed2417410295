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
