internal import RoostPlatform

/// Children that are stopped and started again together; or, at first, only started.
struct RestartGroup: Equatable {
    enum Step: Equatable {
        /// Those that are there are stopped, the last first; then the delay passes.
        case stopping(delay: Duration)
        /// The delay passes.
        case waiting
        /// They are started in order; `next` is the place in `members` of the one to be started.
        case starting(next: Int)
    }

    /// In the order they are started.
    var members: [SupervisorState.ChildID]
    var step: Step

    /// Those that are not there again yet.
    var unfinished: [SupervisorState.ChildID] {
        if case .starting(let next) = step { Array(members[next...]) } else { members }
    }

    /// Whether it is not there again yet.
    func isUnfinished(_ id: SupervisorState.ChildID) -> Bool {
        if case .starting(let next) = step { members[next...].contains(id) } else { members.contains(id) }
    }

    /// Whether it is to be stopped with the others, and started again later.
    func isStopping(_ id: SupervisorState.ChildID) -> Bool {
        if case .stopping = step { members.contains(id) } else { false }
    }

    /// Whether it is this one's turn to be started.
    func isStarting(_ id: SupervisorState.ChildID) -> Bool {
        if case .starting(let next) = step, next < members.count { members[next] == id } else { false }
    }

    /// Takes a child out; false when it was not in.
    @discardableResult
    mutating func drop(_ id: SupervisorState.ChildID) -> Bool {
        guard let place = members.firstIndex(of: id) else { return false }
        members.remove(at: place)
        if case .starting(let next) = step, place < next { step = .starting(next: next - 1) }
        return true
    }
}

/// Restarting: one child, or the group that its strategy says.
extension SupervisorState {
    /// The child is gone and is to be started again, by the supervisor's strategy.
    mutating func restart(_ index: Int, at now: Monotonic, random: Double) -> [Action] {
        let child = children[index]
        guard tracker.restart(at: now) != nil else {
            group?.drop(child.id)
            return [.gaveUp(child.id)] + leave(index) + stop(.failed(.restartedTooOften(rules.intensity)))
        }
        let count = children[index].restarts.restart(at: now) ?? 1
        let delay = (child.rules.backoff ?? rules.backoff).delay(beforeRestart: count, random: random)
        let report: [Action] = [.restarting(child.id, after: delay)]
        switch rules.strategy {
        case .oneForOne: return report + (delay > .zero ? backOff(index, for: delay) : begin(index))
        case .oneForAll: return report + regroup(children.map(\.id), after: delay)
        case .restForOne: return report + regroup(children[index...].map(\.id), after: delay)
        }
    }

    // What an earlier group had not come to is part of the new one.
    private mutating func regroup(_ affected: [ChildID], after delay: Duration) -> [Action] {
        let wasWaiting = group?.step == .waiting
        let all = Set(affected).union(group?.unfinished ?? [])
        let members = children.map(\.id).filter(all.contains)
        group = RestartGroup(members: members, step: .stopping(delay: delay))
        return (wasWaiting ? [.cancelTimer(.group)] : []) + advanceGroup()
    }

    /// The timer has fired.
    mutating func timerFired(_ timer: Timer) -> [Action] {
        switch timer {
        case .child(let id):
            guard let index = index(of: id), children[index].phase == .backingOff else { return [] }
            return begin(index)
        case .group:
            guard group?.step == .waiting else { return [] }
            group?.step = .starting(next: 0)
            return advanceGroup()
        }
    }

    /// A member has been started, or is not needed.
    mutating func memberDone(_ id: ChildID) -> [Action] {
        if case .starting(let next) = group?.step, group?.isStarting(id) == true {
            group?.step = .starting(next: next + 1)
        }
        return advanceGroup()
    }

    /// Does what the group has to do next, as far as nothing has to be waited for.
    mutating func advanceGroup() -> [Action] {
        guard let group else { return [] }
        switch group.step {
        case .waiting: return []
        case .stopping(let delay): return stopMembers(group, delay)
        case .starting(let next): return startMember(group, next)
        }
    }

    private mutating func stopMembers(_ group: RestartGroup, _ delay: Duration) -> [Action] {
        if let last = children.lastIndex(where: { $0.isLive && group.members.contains($0.id) }) {
            return children[last].phase == .stopping ? [] : halt(last)
        }
        // A temporary child that had to go with the others is not restarted.
        var actions: [Action] = []
        for child in children where group.members.contains(child.id) && child.rules.restart == .temporary {
            if let index = index(of: child.id) { actions += remove(index) }
        }
        guard delay > .zero else {
            self.group?.step = .starting(next: 0)
            return actions + advanceGroup()
        }
        self.group?.step = .waiting
        return actions + [.setTimer(.group, delay)]
    }

    private mutating func startMember(_ group: RestartGroup, _ next: Int) -> [Action] {
        guard next < group.members.count else {
            self.group = nil
            return groupIsStarted()
        }
        guard let index = index(of: group.members[next]) else { return [] }
        switch children[index].phase {
        case .absent: return begin(index)
        case .running: return memberDone(children[index].id)
        case .starting, .stopping, .backingOff: return []
        }
    }
}

extension RemoteError {
    /// A supervisor's end when its children had to be restarted too often.
    static func restartedTooOften(_ intensity: RestartIntensity) -> RemoteError {
        RemoteError(
            typeName: "RestartIntensityExceeded",
            message: "more than \(intensity.restarts) restarts within \(intensity.period)")
    }
}
