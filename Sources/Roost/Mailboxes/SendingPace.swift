/// When the next look at the clock is due, for a sender that asks itself whether what it gathered is overdue.
///
/// Reading the clock takes about as long as writing a small element. While elements come fast, every sixteenth
/// looks; after a pause each one does.
struct SendingPace {
    private static let maximumStride = 16
    /// Elements that come faster than this are fast.
    private static let fast: UInt64 = 20_000

    private var stride = 1
    private var left = 1
    private var lastLook: UInt64 = 0

    /// Whether this element is to look.
    @inline(__always)
    mutating func isDue() -> Bool {
        left -= 1
        return left <= 0
    }

    /// It has looked, and this is the time.
    mutating func looked(at now: UInt64) {
        let gap = now &- lastLook
        stride = gap < Self.fast * UInt64(stride) ? min(stride * 2, Self.maximumStride) : 1
        lastLook = now
        left = stride
    }
}
