internal import CRoost
internal import Glibc

/// A thread of Roost's own: the node's loop.
///
/// It takes no signals, so no handler of the user runs on it.
package enum RuntimeThread {
    private final class Body {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    /// Starts a detached thread that runs `body`.
    package static func start(
        named name: String, _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        defer { unsafe _ = pthread_attr_destroy(&attributes) }
        let argument = unsafe Unmanaged.passRetained(
            Body {
                unsafe roost_name_thread(name)
                body()
            }
        ).toOpaque()
        let error = unsafe pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument = unsafe argument else { return nil }
                roost_block_signals()
                unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, argument)
        guard error == 0 else {
            unsafe Unmanaged<Body>.fromOpaque(argument).release()
            throw SystemError("pthread_create", error)
        }
    }
}
