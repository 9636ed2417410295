internal import Dispatch
internal import Glibc

// The interface by which run loops other than Dispatch's own serve the main queue; CoreFoundation's does.
@_silgen_name("_dispatch_get_main_queue_handle_4CF")
private func mainQueueHandle() -> Int32
@_silgen_name("_dispatch_main_queue_callback_4CF")
private func serveMainQueue(_ message: UnsafeMutableRawPointer?)

/// Dispatch's main queue, which the main actor runs on unless it was given another executor.
package enum MainQueue {
    /// Serves the queue on the calling thread, which must be the process's first, for ever.
    package static func serve() -> Never {
        // Makes Dispatch set the queue up.
        _ = DispatchQueue.main
        let handle = mainQueueHandle()
        while true {
            var entry = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&entry, 1, -1)
            var count: UInt64 = 0
            _ = unsafe read(handle, &count, 8)
            serveMainQueue(nil)
        }
    }
}
