internal import RoostPlatform

/// Decides for one supervisor: which child is started, stopped and restarted when, and when it gives up.
///
/// Told what happens to the children, what the time is, and what is asked; returns what is to be done. It
/// holds no process and no timer. The semantics are OTP's `supervisor`; the differences are that nothing
/// blocks while a child starts or stops, and that restarts are delayed more and more.
struct SupervisorState {
    /// A child's number in its supervisor; never used again.
    typealias ChildID = Int
    /// Something asked from outside, which gets one answer.
    typealias Request = Int

    enum Phase: Equatable {
        /// The children are started for the first time.
        case starting
        case running
        case stopping(ExitReason)
        case ended(ExitReason)
    }

    enum ChildPhase: Equatable {
        /// Specified, and not there: it was ignored, stopped, ended by itself, or waits for its group.
        case absent
        case starting
        case running
        /// It will be started again when its timer fires.
        case backingOff
        case stopping
    }

    struct Child {
        let id: ChildID
        let rules: ChildRules
        fileprivate(set) var phase = ChildPhase.absent
        /// Its own restarts, which decide how long the next one is delayed.
        var restarts: RestartTracker
        /// Who asked for the start under way.
        var starter: Request?
        /// It was not there before that was asked, and is not kept when it cannot be started.
        var isNew = false
        /// Who wait for it to be stopped.
        var stoppers: [Request] = []

        var isLive: Bool { phase == .starting || phase == .running || phase == .stopping }
    }

    enum Timer: Hashable {
        case child(ChildID)
        case group
    }

    enum Action: Equatable {
        /// Start its next incarnation; ``childStarted(_:)`` or another event will tell what became of it.
        case start(ChildID)
        /// Stop it by its shutdown policy; ``childEnded(_:_:at:random:)`` will tell that it is gone.
        case stop(ChildID)
        case setTimer(Timer, Duration)
        case cancelTimer(Timer)
        /// It is not there, and will not be by itself: its name is free.
        case release(ChildID)
        /// Its specification is gone as well.
        case forget(ChildID)
        /// It ended and will be started again, alone or with others.
        case restarting(ChildID, after: Duration)
        /// Its end was one restart too many.
        case gaveUp(ChildID)
        case answer(Request, Answer)
        /// All children have been started, or said that they are not needed.
        case started
        /// No child is left.
        case ended(ExitReason)
    }

    enum Answer: Equatable {
        case started(ChildID)
        /// The child said that it is not needed.
        case ignored
        case done
        case startFailed(ChildID, ExitReason)
        case refused(Refusal)
    }

    enum Refusal: Equatable {
        case noSuchChild
        /// A child of this name is there.
        case alreadyStarted
        /// A child of this name is specified, and not running.
        case alreadySpecified
        case isRunning
        case isRestarting
        /// Children of a dynamic supervisor are not kept, so there is nothing to restart or delete.
        case isDynamic
        /// It was stopped while it was started.
        case wasStopped
        case supervisorIsStopping
    }

    let rules: SupervisorRules
    private(set) var phase = Phase.starting
    /// In the order they are started.
    var children: [Child] = []
    var group: RestartGroup?
    var tracker: RestartTracker
    private var numbers: [String: ChildID] = [:]
    private var nextID = 0

    init(_ rules: SupervisorRules, children specified: [ChildRules]) {
        self.rules = rules
        tracker = RestartTracker(rules.intensity)
        for child in specified { _ = add(child) }
    }

    /// The child's place; found by halving, since children are only added behind all others, and numbers grow.
    func index(of id: ChildID) -> Int? {
        var (first, end) = (0, children.count)
        while first < end {
            let middle = (first + end) / 2
            if children[middle].id < id { first = middle + 1 } else { end = middle }
        }
        return first < children.count && children[first].id == id ? first : nil
    }

    /// The child with this name.
    func child(named name: String) -> Child? {
        numbers[name].flatMap { index(of: $0) }.map { children[$0] }
    }

    /// Whether the child is to be started again without being asked.
    func isRestarting(_ child: Child) -> Bool {
        child.phase == .backingOff || (child.phase == .absent && group?.isUnfinished(child.id) == true)
    }

    mutating func add(_ rules: ChildRules) -> Int {
        // Counted without a limit: the limit is the supervisor's.
        let unlimited = RestartIntensity(restarts: .max, within: self.rules.intensity.period)
        children.append(Child(id: nextID, rules: rules, restarts: RestartTracker(unlimited)))
        numbers[rules.name] = nextID
        nextID += 1
        return children.count - 1
    }

    // MARK: Start

    /// Starts the children, one after another.
    mutating func start() -> [Action] {
        group = RestartGroup(members: children.map(\.id), step: .starting(next: 0))
        return advanceGroup()
    }

    /// The child takes messages; as a supervisor, all of its own children have been started.
    mutating func childStarted(_ id: ChildID) -> [Action] {
        guard let index = index(of: id), children[index].phase == .starting else { return [] }
        children[index].phase = .running
        children[index].isNew = false
        let answer = answerStarter(index, .started(id))
        children[index].starter = nil
        return answer + memberDone(id)
    }

    /// The child said that it is not needed: no failure, and nothing to restart.
    mutating func childIgnored(_ id: ChildID) -> [Action] {
        guard let index = index(of: id) else { return [] }
        if children[index].phase == .stopping { return stopped(index) }
        guard children[index].phase == .starting else { return [] }
        // Its specification is kept, like that of one that has been started.
        children[index].isNew = false
        if willBeStopped(id) { return stopped(index, answering: .ignored) }
        children[index].phase = .absent
        return answerStarter(index, .ignored) + leave(index) + memberDone(id)
    }

    mutating func groupIsStarted() -> [Action] {
        guard phase == .starting else { return [] }
        phase = .running
        return [.started]
    }

    func answerStarter(_ index: Int, _ answer: Answer) -> [Action] {
        children[index].starter.map { [.answer($0, answer)] } ?? []
    }

    mutating func begin(_ index: Int) -> [Action] {
        children[index].phase = .starting
        return [.start(children[index].id)]
    }

    mutating func halt(_ index: Int) -> [Action] {
        children[index].phase = .stopping
        return [.stop(children[index].id)]
    }

    mutating func backOff(_ index: Int, for delay: Duration) -> [Action] {
        children[index].phase = .backingOff
        return [.setTimer(.child(children[index].id), delay)]
    }

    /// The child is not there any more, and nobody starts it again by himself.
    mutating func leave(_ index: Int) -> [Action] {
        let child = children[index]
        children[index].starter = nil
        guard rules.isDynamic || child.rules.restart == .temporary else { return [.release(child.id)] }
        return remove(index)
    }

    mutating func remove(_ index: Int) -> [Action] {
        let child = children.remove(at: index)
        numbers[child.rules.name] = nil
        group?.drop(child.id)
        return [.forget(child.id)]
    }

    // MARK: End

    /// The child's incarnation is gone, or could not be started.
    ///
    /// `random`, between 0 and 1, is for the backoff's jitter.
    mutating func childEnded(
        _ id: ChildID, _ reason: ExitReason, at now: Monotonic, random: Double
    ) -> [Action] {
        guard let index = index(of: id) else { return [] }
        switch children[index].phase {
        case .absent, .backingOff: return []
        case .stopping: return stopped(index)
        case .starting where willBeStopped(id), .running where willBeStopped(id):
            return stopped(index, answering: .startFailed(id, reason))
        case .starting: return startFailed(index, reason, at: now, random: random)
        case .running:
            children[index].phase = .absent
            guard children[index].rules.restart.applies(after: reason) else { return endedForGood(index) }
            return restart(index, at: now, random: random)
        }
    }

    // Its turn to be stopped with the others comes; it may end by itself before.
    private func willBeStopped(_ id: ChildID) -> Bool {
        if case .stopping = phase { true } else { group?.isStopping(id) == true }
    }

    private mutating func startFailed(
        _ index: Int, _ reason: ExitReason, at now: Monotonic, random: Double
    ) -> [Action] {
        children[index].phase = .absent
        if children[index].starter != nil {
            let answer = answerStarter(index, .startFailed(children[index].id, reason))
            return answer + (children[index].isNew ? remove(index) : leave(index))
        }
        // The first start of all fails as a whole; a restart is tried again.
        if phase == .starting, group?.isStarting(children[index].id) == true {
            group?.drop(children[index].id)
            return leave(index) + stop(reason)
        }
        return restart(index, at: now, random: random)
    }

    private mutating func endedForGood(_ index: Int) -> [Action] {
        let isSignificant = children[index].rules.isSignificant
        let left = leave(index)
        guard isSignificant, phase == .running || phase == .starting else { return left }
        switch rules.autoShutdown {
        case .never: return left
        case .anySignificant: return left + stop(.shutdown)
        case .allSignificant:
            let isAnyLeft = children.contains {
                $0.rules.isSignificant && ($0.isLive || isRestarting($0))
            }
            return left + (isAnyLeft ? [] : stop(.shutdown))
        }
    }

    /// What was asked to stop has stopped; whoever asked for its start gets the answer.
    private mutating func stopped(
        _ index: Int, answering answer: Answer = .refused(.wasStopped)
    ) -> [Action] {
        children[index].phase = .absent
        var actions = answerStarter(index, answer)
        actions += children[index].stoppers.map { .answer($0, .done) }
        children[index].starter = nil
        children[index].stoppers = []
        if children[index].isNew {
            actions += remove(index)
        } else if !isRestarting(children[index]) {
            actions += leave(index)
        }
        if case .stopping = phase { return actions + continueShutdown() }
        return actions + advanceGroup()
    }

    // MARK: Shutdown

    /// Stops the children in reverse order, those of a dynamic supervisor all at once, and ends.
    mutating func stop(_ reason: ExitReason) -> [Action] {
        switch phase {
        case .stopping, .ended: return []
        case .starting, .running: break
        }
        phase = .stopping(reason)
        var actions = dissolveGroup()
        for index in children.indices where children[index].phase == .backingOff {
            children[index].phase = .absent
            actions += [.cancelTimer(.child(children[index].id)), .release(children[index].id)]
        }
        if rules.isDynamic {
            for index in children.indices where children[index].isLive && children[index].phase != .stopping {
                actions += halt(index)
            }
        }
        return actions + continueShutdown()
    }

    // Those of the group that are not there will not be started any more.
    private mutating func dissolveGroup() -> [Action] {
        guard let group else { return [] }
        let released = children.filter { $0.phase == .absent && isRestarting($0) }
        self.group = nil
        return (group.step == .waiting ? [.cancelTimer(.group)] : []) + released.map { .release($0.id) }
    }

    private mutating func continueShutdown() -> [Action] {
        guard case .stopping(let reason) = phase else { return [] }
        if let last = children.lastIndex(where: \.isLive) {
            return children[last].phase == .stopping ? [] : halt(last)
        }
        phase = .ended(reason)
        return [.ended(reason)]
    }

    // MARK: Asked from outside

    /// Adds a child behind all others, and starts it.
    mutating func startChild(_ rules: ChildRules, for request: Request) -> [Action] {
        guard isTakingRequests else { return refuse(request, .supervisorIsStopping) }
        if let same = child(named: rules.name) {
            let isThere = same.isLive || isRestarting(same)
            return refuse(request, isThere ? .alreadyStarted : .alreadySpecified)
        }
        let index = add(rules)
        children[index].starter = request
        children[index].isNew = true
        return begin(index)
    }

    /// Stops a child; its specification is kept, unless it is temporary.
    mutating func stopChild(_ id: ChildID, for request: Request) -> [Action] {
        guard isTakingRequests else { return refuse(request, .supervisorIsStopping) }
        guard let index = index(of: id) else { return refuse(request, .noSuchChild) }
        let wasAwaited = isRestarting(children[index])
        // It is not started again with the others.
        group?.drop(id)
        switch children[index].phase {
        case .absent:
            let left = wasAwaited ? leave(index) : []
            return left + [.answer(request, .done)] + advanceGroup()
        case .backingOff:
            children[index].phase = .absent
            return [.cancelTimer(.child(id))] + leave(index) + [.answer(request, .done)]
        case .starting, .running:
            children[index].stoppers.append(request)
            return halt(index)
        case .stopping:
            children[index].stoppers.append(request)
            return []
        }
    }

    /// Starts a child that is specified and not there.
    mutating func restartChild(_ id: ChildID, for request: Request) -> [Action] {
        whenIdle(id, request) { state, index in
            state.children[index].starter = request
            return state.begin(index)
        }
    }

    /// Drops the specification of a child that is not there.
    mutating func deleteChild(_ id: ChildID, for request: Request) -> [Action] {
        whenIdle(id, request) { state, index in state.remove(index) + [.answer(request, .done)] }
    }

    private mutating func whenIdle(
        _ id: ChildID, _ request: Request, _ action: (inout SupervisorState, Int) -> [Action]
    ) -> [Action] {
        guard isTakingRequests else { return refuse(request, .supervisorIsStopping) }
        guard !rules.isDynamic else { return refuse(request, .isDynamic) }
        guard let index = index(of: id) else { return refuse(request, .noSuchChild) }
        if isRestarting(children[index]) { return refuse(request, .isRestarting) }
        guard children[index].phase == .absent else { return refuse(request, .isRunning) }
        return action(&self, index)
    }

    private var isTakingRequests: Bool { phase == .starting || phase == .running }

    private func refuse(_ request: Request, _ refusal: Refusal) -> [Action] {
        [.answer(request, .refused(refusal))]
    }
}
