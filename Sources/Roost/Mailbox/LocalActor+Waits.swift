internal import RoostWire
internal import Synchronization

/// What waits for this actor.
extension LocalActor {
    /// The actor, with the calls that wait for their turn here, and are waited for by actors themselves.
    func waitReport(in process: UInt64) -> WaitReport.Actor {
        var report = WaitReport.Actor(key: key, name: name, isReentrant: reentrancy == .reentrant)
        if report.isReentrant { return report }
        state.withLock { state in
            state.mailbox.forEachWaiting { message, level in
                guard report.queue.count < WaitReport.Queue.limit, !message.sections.path.isEmpty,
                    let name = message.callName(at: process)
                else { return }
                report.queue.append(name, level: level)
            }
        }
        return report
    }
}
