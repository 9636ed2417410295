internal import Synchronization

/// Random numbers that are the same in every run with the same seed: SplitMix64 (Steele, Lea and Flood, 2014).
public final class SeededGenerator: RandomNumberGenerator, Sendable {
    /// What the numbers follow from.
    public let seed: UInt64
    private let state: Atomic<UInt64>

    /// Starts a sequence.
    public init(seed: UInt64) {
        self.seed = seed
        state = Atomic(seed)
    }

    /// The next number; from several tasks the numbers are the same, in an order that may differ.
    public func next() -> UInt64 {
        var z = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
