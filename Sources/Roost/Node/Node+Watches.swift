internal import RoostWire

/// Watches: which process is told of whose end.
extension Node {
    /// One notice, with the process it is about, when the actor's present incarnation has ended.
    func addWatcher(
        _ watch: WorkerProcess.WatchKey, _ key: ActorKey, _ notice: @escaping WorkerProcess.Notice
    ) {
        let process = key.isSpawned ? actors[key.number]?.process : processes[key.owner]
        guard let process else {
            // Dead already: that is said at once.
            let reason = key.isSpawned ? reasonOfActor(key.number) : reasonOfProcess(key.owner)
            return notice(key.owner, reason)
        }
        process.watchers[watch] = notice
        watched[watch] = process.number
        processes[watch.process]?.watches.insert(watch.request)
    }

    func removeWatcher(_ watch: WorkerProcess.WatchKey) {
        processes[watch.process]?.watches.remove(watch.request)
        guard let process = watched.removeValue(forKey: watch) else { return }
        processes[process]?.watchers[watch] = nil
    }

    /// Takes those who watch the process, each of whom is to be told once.
    func takeWatchers(of process: WorkerProcess) -> [WorkerProcess.Notice] {
        let watchers = process.watchers
        process.watchers = [:]
        for watch in watchers.keys { removeWatcher(watch) }
        return Array(watchers.values)
    }

    /// Nobody is there any more to be told what the process watched.
    func endWatches(by process: WorkerProcess) {
        for request in process.watches {
            removeWatcher(WorkerProcess.WatchKey(process: process.number, request: request))
        }
    }

    /// The process is started in the place of one whose fork was lost: its watchers wait for this one's end.
    func takeOver(_ lost: WorkerProcess, by process: WorkerProcess) {
        process.watchers = lost.watchers
        for watch in lost.watchers.keys { watched[watch] = process.number }
        lost.watchers = [:]
    }
}
