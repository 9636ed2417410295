/// What a value may cost before it is refused.
package struct WireLimits: Equatable, Sendable {
    /// How deeply values may be nested, when encoding and when decoding.
    ///
    /// Every container and every value inside another counts one level. Reading 64 levels takes up to a quarter
    /// of a megabyte of stack in a debug build.
    package var maximumDepth: Int

    package init(maximumDepth: Int = 64) {
        self.maximumDepth = maximumDepth
    }

    /// The limits used when none are given.
    package static let standard = WireLimits()
}
