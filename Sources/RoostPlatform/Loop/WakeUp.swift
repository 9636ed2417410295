internal import CRoost
internal import Glibc

/// A way to wake a loop from another thread or from a signal handler.
package struct WakeUp: ~Copyable, Sendable {
    package let descriptor: Descriptor

    package init() throws(SystemError) {
        let raw = roost_eventfd()
        guard raw >= 0 else { throw SystemError("eventfd") }
        descriptor = Descriptor(owning: raw)
    }

    /// Makes the descriptor readable.
    package func signal() {
        var one: UInt64 = 1
        _ = unsafe write(descriptor.raw, &one, 8)
    }

    /// Makes the descriptor unreadable again.
    package func reset() {
        var count: UInt64 = 0
        _ = unsafe read(descriptor.raw, &count, 8)
    }
}
