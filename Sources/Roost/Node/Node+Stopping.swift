internal import RoostPlatform
internal import RoostWire

/// Bringing processes to their end when their actors are stopped.
extension Node {
    /// Ends the process the way its actor's shutdown policy says.
    func beginStopping(_ process: WorkerProcess) {
        switch process.stopSequence.requested() {
        case .ignored: return
        case .kill: kill(process, .shutdownTimeout)
        case .ask(let limit):
            process.control?.send(.stop)
            if let limit { continueStopping(process, after: limit) }
        }
    }

    private func continueStopping(_ process: WorkerProcess, after delay: Duration) {
        setTimer(process, after: delay) { node, process in
            switch process.stopSequence.timeOver() {
            case .ignored: return
            case .kill: node.kill(process, .shutdownTimeout)
            case .terminate(let grace):
                node.terminate(process, .shutdownTimeout)
                node.continueStopping(process, after: grace)
            }
        }
    }

    /// Ends a process by SIGTERM, for which it may have a handler.
    ///
    /// A process that has no number yet gets SIGKILL when it has one: it runs no handlers so soon.
    private func terminate(_ process: WorkerProcess, _ killer: ExitReason.Killer) {
        if condemn(process, killer), let pid = process.pid { ChildProcess.signal(pid, 15) }
    }
}
