/// Decides whether looking for input is worth a moment before sleeping.
///
/// A wake-up costs ten times what a look costs, so after a message has been sent or served the loop
/// looks for up to 30 µs, giving the processor away between looks. It stops doing so when the looking
/// keeps failing, or when somebody else wants the processor.
package struct SpinPolicy {
    package var isEnabled = false
    package var inputExpected = false
    package let limit = Duration.microseconds(30)
    private var confidence = 8
    private var skips = 0

    package init() {}

    package var shouldSpin: Bool {
        mutating get {
            guard isEnabled, inputExpected else { return false }
            inputExpected = false
            if skips > 0 {
                skips -= 1
                return false
            }
            return true
        }
    }

    package mutating func succeeded() {
        confidence = min(confidence + 2, 16)
    }

    package mutating func failed() {
        confidence -= 1
        if confidence <= 0 {
            // Try again now and then: the pattern of messages may have changed.
            confidence = 1
            skips = 16
        }
    }

    /// A yield that took long means that another thread wanted this processor.
    package mutating func yielded(for duration: Duration) {
        if duration > .microseconds(25) { confidence = max(confidence - 4, 0) }
    }
}
