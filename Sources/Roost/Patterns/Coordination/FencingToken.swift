/// A number that rises with every holder of a ``Lease``, over restarts of the lease's actor too.
///
/// A holder shows it to what the lease protects, which refuses a token lower than the highest it has seen: so a
/// holder that was thought dead, and wakes up late, changes nothing. (The idea is described by Martin Kleppmann, "How
/// to do distributed locking", 2016.)
public struct FencingToken: Comparable, Hashable, Codable, Sendable, CustomStringConvertible {
    /// When the lease's incarnation began: microseconds since 1970, by a clock that is not set back.
    public var epoch: UInt64
    /// Which holder of that incarnation, counted from 1.
    public var counter: UInt64

    /// Makes a token; the runtime does, and tests may.
    public init(epoch: UInt64, counter: UInt64) {
        self.epoch = epoch
        self.counter = counter
    }

    /// Whether one was given out before the other.
    public static func < (a: Self, b: Self) -> Bool {
        (a.epoch, a.counter) < (b.epoch, b.counter)
    }

    /// The two numbers, in their order.
    public var description: String { "\(epoch).\(counter)" }
}
