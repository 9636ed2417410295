internal import RoostPlatform

/// Where a worker process begins; called from C before `main` would run, and never returns.
@_cdecl("roost_worker_entry")
func workerMain(_ socket: Int32) {
    CurrentProcess.lineBufferOutput()
    CrashRecorder.record()
    do {
        if Invokers.isPortable {
            try runPortableWorker(Descriptor(owning: socket))
        } else {
            try WorkerExecutor.run(Descriptor(owning: socket))
        }
    } catch {
        CurrentProcess.printError("roost: a worker could not start: \(error)")
        CurrentProcess.exit(71)
    }
}

// The loop has a thread of its own, and the executors stay the runtime's, which needs the process's main
// thread to serve the main actor. `dispatchMain` cannot be used for that: it ends in `pthread_exit`, and
// before `main` has been entered there is nothing for that to unwind to.
private func runPortableWorker(_ socket: consuming Descriptor) throws(SystemError) {
    let loop = try EventLoop()
    let raw = socket.release()
    try RuntimeThread.start(named: "roost-loop") {
        loop.adoptCurrentThread()
        do {
            let worker = try Worker(socket: Descriptor(owning: raw), loop: loop) { CurrentProcess.exit($0) }
            withExtendedLifetime(worker) { loop.run() }
        } catch {
            CurrentProcess.exit(71)
        }
    }
    MainQueue.serve()
}
