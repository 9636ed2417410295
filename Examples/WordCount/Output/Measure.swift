/// Numbers as people read them.
enum Measure {
    /// A number of bytes, in units of a thousand: `1.5 MB`.
    static func bytes(_ count: Int) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = Double(count)
        var unit = 0
        while value >= 999.95, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return unit == 0 ? "\(count) B" : "\(fixed(value, decimals: 1)) \(units[unit])"
    }

    /// A span of time: `850 ms`, `2.5 s`, `3:07`.
    static func time(_ duration: Duration) -> String {
        let milliseconds = Int(seconds(duration) * 1000)
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        if milliseconds < 60_000 { return "\(fixed(Double(milliseconds) / 1000, decimals: 1)) s" }
        let whole = milliseconds / 1000
        return "\(whole / 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
    }

    /// A part of a whole in per cent: `42 %`; of nothing it is `0 %`.
    static func share(_ part: Double, of whole: Double) -> String {
        "\(whole > 0 ? Int(part / whole * 100) : 0) %"
    }

    /// A duration in seconds.
    static func seconds(_ duration: Duration) -> Double {
        let parts = duration.components
        return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    }

    /// A number with so many decimals. (Foundation would do it; loading it costs more than counting the corpus.)
    static func fixed(_ value: Double, decimals: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % scale)
        let zeros = String(repeating: "0", count: decimals - fraction.count)
        return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
    }
}
