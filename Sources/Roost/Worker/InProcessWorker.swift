internal import RoostPlatform

/// A worker without a process: the same machinery on a thread of the node, for debuggers and sanitizers.
enum InProcessWorker {
    static func start(_ socket: consuming Descriptor) throws(SystemError) {
        let loop = try EventLoop()
        let raw = socket.release()
        try RuntimeThread.start(named: "roost-inproc") {
            loop.adoptCurrentThread()
            do {
                let worker = try Worker(socket: Descriptor(owning: raw), loop: loop) { _ in loop.stop() }
                loop.run()
                worker.loopEnded()
            } catch {
                // The node sees the socket end, and takes it for the worker's death.
            }
        }
    }
}
