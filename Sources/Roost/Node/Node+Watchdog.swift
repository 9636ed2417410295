internal import RoostPlatform
internal import RoostWire

/// Watching over processes whose actors must not compute without end.
extension Node {
    /// Begins, if the actor has a watchdog; in the node's own process there is nothing to kill.
    func beginWatching(_ process: WorkerProcess) {
        guard let limit = process.actor.options.watchdog, process.method != .inProcess else { return }
        let watchdog = WatchdogState(limit: limit, at: .now)
        process.watchdog = watchdog
        lookLater(at: process, watchdog.interval)
    }

    // Not among the process's timers: those are kept until its end, and this one is set again and again.
    private func lookLater(at process: WorkerProcess, _ interval: Duration) {
        loop.schedule(
            .closure { [unowned self, weak process] in
                if let process { look(at: process) }
            }, at: Monotonic.now.advanced(by: interval))
    }

    private func look(at process: WorkerProcess) {
        // One that is being stopped has its shutdown policy instead.
        guard process.reason == nil, process.killer == nil, process.stopSequence.step == .untouched,
            let interval = process.watchdog?.interval
        else { return }
        switch process.watchdog?.looked(at: .now) {
        case .ask: process.control?.send(.ping)
        case .inspect: inspect(process)
        case .wait, nil: break
        }
        lookLater(at: process, interval)
    }

    private func inspect(_ process: WorkerProcess) {
        guard let pid = process.pid else { return }
        if process.watchdog?.inspected(ProcessStatus.state(of: pid), at: .now) == .kill {
            kill(process, .watchdog)
        }
    }
}
