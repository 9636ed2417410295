internal import RoostPlatform
internal import RoostWire
internal import Synchronization

/// Keeps account of what the actors of this process wait for, and tells the node when it takes long.
extension ActorHost {
    /// A call to be waited for, when an actor of this process makes it.
    func newCall(
        to callee: ActorKey, from context: ActorContext?, isOneWay: Bool = false
    ) -> PendingCall {
        guard let context, context.belongs(to: self) else { return PendingCall() }
        let number = lastWait.wrappingAdd(1, ordering: .relaxed).newValue
        return PendingCall(
            CallWait(number: number, context: context, callee: callee, made: .now, isOneWay: isOneWay))
    }

    /// A message begins to wait for the call; give what comes back to ``endWait(_:)``.
    func beginWait(for call: PendingCall) -> Int? {
        guard let wait = call.wait else { return nil }
        let (slot, look) = waits.withLock { $0.insert(call, made: wait.made) }
        if let look { lookAtWaits(at: look) }
        return slot
    }

    func endWait(_ slot: Int?) {
        if let slot { waits.withLock { $0.remove(slot) } }
    }

    private func lookAtWaits(at moment: Monotonic) {
        guard loop.isCurrent else {
            loop.perform { [weak self] in self?.lookAtWaits(at: moment) }
            return
        }
        loop.schedule(.closure { [weak self] in self?.lookAtWaits() }, at: moment)
    }

    private func lookAtWaits() {
        let action = waits.withLock { $0.looked(at: .now) }
        if action.isReportDue { reportWaits() }
        if let next = action.next { lookAtWaits(at: next) }
    }

    /// Tells the node what has been waited for a while, and who waits for that.
    func reportWaits() {
        let begun = Monotonic.now
        var actors: [ActorKey: WaitReport.Actor] = [:]
        for call in waits.withLock({ $0.overdue(at: begun) }) {
            guard let wait = call.wait, !call.isFinished, !wait.context.isOver else { continue }
            let actor = wait.context.actor
            actors[actor.key, default: actor.waitReport(in: process)].waits.append(report(wait, call))
        }
        let report = WaitReport(
            begun: begun.nanoseconds, ended: Monotonic.now.nanoseconds, actors: Array(actors.values))
        link.report(report)
    }

    private func report(_ wait: CallWait, _ call: PendingCall) -> WaitReport.Wait {
        let sent: CallName? =
            switch call.place {
            case .sent(let connection, _, let number):
                CallName(caller: process, callee: connection.process, number: UInt64(number))
            case .local: CallName(caller: process, callee: process, number: wait.number)
            case .waitsForRoom, nil: nil
            }
        return WaitReport.Wait(
            number: wait.number, level: wait.context.level,
            serves: wait.context.message.callName(at: process),
            callee: wait.callee, calleeLevel: wait.calleeLevel, sent: sent, made: wait.made.nanoseconds,
            isOneWay: wait.isOneWay)
    }

    /// The call waits for itself, by way of the actors on the path.
    func endDeadlock(_ number: UInt64, path: [String]) {
        let call = waits.withLock { $0.calls.first { $0.wait?.number == number } }
        call?.abandon(.deadlocked(path))
    }
}
