internal import RoostPlatform

/// Why the last few thousand ended, for those who ask late.
struct RecentEnds {
    private static let maximum = 4_096

    private var reasons: [UInt64: ExitReason] = [:]
    private var order = RingBuffer<UInt64>()

    subscript(number: UInt64) -> ExitReason? { reasons[number] }

    mutating func add(_ reason: ExitReason, of number: UInt64) {
        if reasons.updateValue(reason, forKey: number) == nil { order.append(number) }
        if order.count > Self.maximum, let oldest = order.popFirst() { reasons[oldest] = nil }
    }
}
