import RoostPlatform
import RoostTesting

@testable import Roost

/// What must hold for a supervisor's machine whatever happens, and random things that happen.
///
/// Plays the shell like a ``Bench``, but keeps its own account of every child, timer and request, and says what
/// is wrong instead of believing what it is told. The first thing that is wrong ends the run.
final class SupervisorModel {
    typealias ChildID = SupervisorState.ChildID

    enum Life { case absent, starting, running, stopping }

    struct Account {
        let rules: ChildRules
        var life = Life.absent
        /// Its name is free, and nobody starts it unasked.
        var isReleased = false
        var hasBeenStarted = false
        /// The start under way was asked for, or is a restart of this child alone.
        var startsAlone = false
    }

    enum Event {
        case start, stop
        case succeeded(ChildID), ignored(ChildID), ended(ChildID, ExitReason)
        case fired(SupervisorState.Timer)
        case startChild(ChildRules), stopChild(ChildID), restartChild(ChildID), deleteChild(ChildID)
    }

    let initial: [ChildRules]
    private(set) var state: SupervisorState
    /// The first thing that was wrong.
    private(set) var fault: String?
    private(set) var history: [Event] = []
    private(set) var accounts: [ChildID: Account] = [:]
    private(set) var timers: Set<SupervisorState.Timer> = []
    private(set) var isEnded = false
    /// The kinds of actions there were.
    private(set) var kinds: Set<String> = []
    private var before: SupervisorState
    private var pending: Set<SupervisorState.Request> = []
    private var lastRequest = 0
    private var now = Monotonic(nanoseconds: 1_000_000_000)
    private var restarts: [Monotonic] = []
    /// The children that a restart under way may stop: what its strategy says, and what earlier ones had left.
    private var scope: Set<ChildID> = []
    private var isStarted = false
    private var mayStop = false

    init(_ rules: SupervisorRules, children: [ChildRules]) {
        initial = children
        state = SupervisorState(rules, children: children)
        before = state
        for child in state.children { accounts[child.id] = Account(rules: child.rules) }
        scope = Set(accounts.keys)
    }

    var rules: SupervisorRules { state.rules }

    /// Something is wrong that only the run can tell.
    func fail(_ what: String) { wrong(what) }

    var isStopping: Bool { if case .stopping = state.phase { true } else { false } }

    private func wrong(_ what: @autoclosure () -> String) {
        if fault == nil { fault = what() }
    }

    private func require(_ condition: Bool, _ what: @autoclosure () -> String) {
        if !condition { wrong(what()) }
    }

    // MARK: Events

    /// Lets something happen, after some time.
    func happen(_ event: Event, after time: Duration = .zero, random: Double = 0.5) {
        history.append(event)
        now = now.advanced(by: time)
        before = state
        mayStop = false
        let wasEnded = isEnded
        let actions = decide(event, random)
        note(event)
        if wasEnded {
            require(actions.allSatisfy(isRefusal), "something happens after the end: \(actions)")
        }
        for action in actions {
            kinds.insert(String("\(action)".prefix { $0 != "(" }))
            check(action, in: event)
        }
        checkReaction(to: event, actions)
        checkAccounts()
    }

    private func decide(_ event: Event, _ random: Double) -> [SupervisorState.Action] {
        switch event {
        case .start: return state.start()
        case .stop: return state.stop(.shutdown)
        case .succeeded(let id): return state.childStarted(id)
        case .ignored(let id): return state.childIgnored(id)
        case .ended(let id, let reason): return state.childEnded(id, reason, at: now, random: random)
        case .fired(let timer): return state.timerFired(timer)
        case .startChild(let rules):
            let actions = state.startChild(rules, for: request())
            if let added = state.children.last, added.starter == lastRequest {
                accounts[added.id] = Account(rules: rules)
            }
            return actions
        case .stopChild(let id): return state.stopChild(id, for: request())
        case .restartChild(let id): return state.restartChild(id, for: request())
        case .deleteChild(let id): return state.deleteChild(id, for: request())
        }
    }

    private func request() -> SupervisorState.Request {
        lastRequest += 1
        pending.insert(lastRequest)
        return lastRequest
    }

    // What is so because of the event itself.
    private func note(_ event: Event) {
        switch event {
        case .succeeded(let id):
            if accounts[id]?.life == .starting { accounts[id]?.life = .running }
        case .ignored(let id), .ended(let id, _): accounts[id]?.life = .absent
        case .fired(let timer): timers.remove(timer)
        case .stop: mayStop = true
        // Stopped by hand, it is none of the others' business any more.
        case .stopChild(let id): if !isStopping { scope.remove(id) }
        default: break
        }
    }

    private func isRefusal(_ action: SupervisorState.Action) -> Bool {
        action == .answer(lastRequest, .refused(.supervisorIsStopping))
    }

    // MARK: Actions

    private func check(_ action: SupervisorState.Action, in event: Event) {
        require(!isEnded || isRefusal(action), "\(action) after the end")
        switch action {
        case .start(let id): checkStart(id, event)
        case .stop(let id): checkStop(id, event)
        case .setTimer(let timer, let delay):
            require(delay > .zero && !isStopping, "a timer is set for \(delay)")
            require(timers.insert(timer).inserted, "\(timer) is set twice")
        case .cancelTimer(let timer):
            require(timers.remove(timer) != nil, "\(timer) is cancelled and was not set")
        case .release(let id):
            require(accounts[id]?.life == .absent, "\(id) is released while it is there")
            require(accounts[id]?.isReleased == false, "\(id) is released twice")
            accounts[id]?.isReleased = true
        case .forget(let id):
            require(accounts[id]?.life == .absent, "\(id) is forgotten while it is there")
            accounts[id] = nil
            scope.remove(id)
        case .restarting(let id, _): checkRestart(id)
        case .gaveUp(let id):
            countRestart()
            require(restarts.count > rules.intensity.restarts, "it gave up after \(restarts.count) restarts")
            require(accounts[id]?.life == .absent, "it gave up because of a child that is there")
            mayStop = true
        case .answer(let request, _):
            require(pending.remove(request) != nil, "request \(request) is answered twice")
        case .started:
            require(!isStarted && before.phase == .starting, "it is started twice")
            isStarted = true
        case .ended:
            isEnded = true
            require(accounts.values.allSatisfy { $0.life == .absent }, "it ended before its children")
            require(timers.isEmpty, "it ended with timers set")
            require(pending.isEmpty, "it ended without an answer to \(pending)")
        }
    }

    private func checkStart(_ id: ChildID, _ event: Event) {
        guard let account = accounts[id] else { return wrong("\(id) is started and not specified") }
        require(account.life == .absent, "\(id) is started while it is there")
        require(!isStopping, "\(id) is started while all are stopped")
        let isAlone = startsAlone(id, event)
        accounts[id]?.life = .starting
        accounts[id]?.isReleased = false
        accounts[id]?.hasBeenStarted = true
        accounts[id]?.startsAlone = isAlone
        if isAlone { return }
        // With the others: each when all before it are there, or are not needed.
        for child in state.children.prefix(while: { $0.id != id }) where scope.contains(child.id) {
            guard let earlier = accounts[child.id] else { continue }
            switch earlier.life {
            case .starting: require(earlier.startsAlone, "\(id) is started before \(child.id) is ready")
            case .absent:
                let isRestartedAlone = rules.strategy == .oneForOne && earlier.hasBeenStarted
                require(earlier.isReleased || isRestartedAlone, "\(id) is started before \(child.id)")
            case .running, .stopping: break
            }
        }
    }

    private func startsAlone(_ id: ChildID, _ event: Event) -> Bool {
        switch event {
        case .startChild: accounts[id]?.hasBeenStarted == false && before.index(of: id) == nil
        case .restartChild(let asked): asked == id
        case .fired(.child(let fired)): fired == id
        case .ended(let ended, _): ended == id && rules.strategy == .oneForOne
        default: false
        }
    }

    private func checkStop(_ id: ChildID, _ event: Event) {
        guard let account = accounts[id] else { return wrong("\(id) is stopped and not specified") }
        require([.starting, .running].contains(account.life), "\(id) is stopped and is not there")
        accounts[id]?.life = .stopping
        if case .stopChild(id) = event { return }
        require(isStopping || scope.contains(id), "\(id) is stopped and has nothing to do with it")
        if rules.isDynamic { return }
        for child in state.children.reversed().prefix(while: { $0.id != id })
        where isStopping || scope.contains(child.id) {
            require(accounts[child.id]?.life == .absent, "\(id) is stopped before \(child.id) has ended")
        }
    }

    private func checkRestart(_ id: ChildID) {
        countRestart()
        require(restarts.count <= rules.intensity.restarts, "\(restarts.count) restarts within the period")
        require(accounts[id]?.life == .absent, "\(id) is restarted while it is there")
        require(accounts[id]?.rules.restart != .temporary, "a temporary child is restarted")
        switch rules.strategy {
        case .oneForOne: break
        case .oneForAll: scope = Set(accounts.keys)
        case .restForOne:
            if before.group == nil { scope = [] }
            scope.formUnion(state.children.drop { $0.id != id }.map(\.id))
            // Gone by now: those behind it that were temporary.
            scope.formUnion(before.children.drop { $0.id != id }.map(\.id))
        }
    }

    private func countRestart() {
        restarts.removeAll { $0.duration(to: now) > rules.intensity.period }
        restarts.append(now)
    }

    // MARK: After each event

    // A child that ends by itself is restarted, is one too many, or was not to be restarted.
    private func checkReaction(to event: Event, _ actions: [SupervisorState.Action]) {
        var isRestarted = false
        for case .restarting in actions { isRestarted = true }
        for case .gaveUp in actions { isRestarted = true }
        if case .ended(let id, let reason) = event, let child = before.children.first(where: { $0.id == id })
        {
            let isAwaited = before.group?.isStopping(id) == true || child.phase == .stopping
            let wasStopping = !(before.phase == .starting || before.phase == .running)
            let isFirst = before.phase == .starting && before.group?.isStarting(id) == true
            if wasStopping || isAwaited {
                require(!isRestarted, "\(id) was to end, and counts as a restart")
            } else if child.phase == .running {
                require(
                    isRestarted == child.rules.restart.applies(after: reason),
                    "\(id), \(child.rules.restart), ended with \(reason): restarted \(isRestarted)")
                if !isRestarted { mayStop = mayStop || isShutDown(by: child) }
            } else if child.starter == nil {
                require(isRestarted != isFirst, "\(id) could not be restarted, and that was all")
                mayStop = mayStop || isFirst
            } else {
                require(!isRestarted, "\(id) could not be started, and counts as a restart")
            }
        } else {
            require(!isRestarted, "a restart without an end")
        }
        let stopsNow = (isStopping || isEnded) && (before.phase == .starting || before.phase == .running)
        require(stopsNow == (mayStop && before.phase != state.phase), "it stops for no reason, or does not")
        if mayStop { require(isStopping || isEnded, "it does not stop") }
    }

    private func isShutDown(by child: SupervisorState.Child) -> Bool {
        guard child.rules.isSignificant else { return false }
        switch rules.autoShutdown {
        case .never: return false
        case .anySignificant: return true
        case .allSignificant:
            return !before.children.contains { other in
                other.id != child.id && other.rules.isSignificant
                    && (other.isLive || before.isRestarting(other))
            }
        }
    }

    private func checkAccounts() {
        require(accounts.count == state.children.count, "the accounts and the specifications differ")
        for child in state.children {
            guard let account = accounts[child.id] else {
                return wrong("\(child.id) was forgotten and is there")
            }
            require(child.isLive == (account.life != .absent), "\(child.id) is \(child.phase)")
            let isAwaited = state.isRestarting(child)
            // What had been left alone is started again with the others.
            if isAwaited { accounts[child.id]?.isReleased = false }
            if !isAwaited {
                require(
                    account.isReleased == (account.life == .absent),
                    "\(child.id): released \(account.isReleased), \(account.life), awaited \(isAwaited)")
            }
            if child.phase == .backingOff { require(timers.contains(.child(child.id)), "no timer is set") }
        }
        require(timers.contains(.group) == (state.group?.step == .waiting), "the group's timer")
        require(!timers.contains { !isWaitedFor($0) }, "a timer nobody waits for")
    }

    private func isWaitedFor(_ timer: SupervisorState.Timer) -> Bool {
        switch timer {
        case .group: state.group?.step == .waiting
        case .child(let id): state.index(of: id).map { state.children[$0].phase == .backingOff } ?? false
        }
    }
}
