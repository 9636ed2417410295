internal import Dispatch

/// What a thread of its own sleeps on until another has something for it.
package final class ThreadSignal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    package init() {}

    /// Wakes the thread, or has its next ``wait()`` return at once.
    package func signal() {
        semaphore.signal()
    }

    package func wait() {
        semaphore.wait()
    }
}
