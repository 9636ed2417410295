import RoostPlatform
import Testing

@testable import Roost

/// A supervisor's machine on a bench: does what it decides, with children that are only names.
///
/// ```swift
/// let bench = Bench(children: [.permanent("a"), .permanent("b")])
/// bench.script["b"] = [.succeeds, .fails(.exited(code: 1))]
/// bench.start()
/// #expect(bench.takeLog() == ["start a", "start b", "started"])
/// bench.end("b")
/// ```
/// Starts come out as ``script`` says, and succeed when it says nothing. Stops end a child at once, unless it
/// is ``slow``. Timers fire when the test says so, and time stands still until it is moved.
final class Bench {
    enum StartResult {
        case succeeds
        case fails(ExitReason)
        case ignores
        /// The test says later what became of it.
        case hangs
    }

    var state: SupervisorState
    /// How the next starts of a child come out, the first first.
    var script: [String: [StartResult]] = [:]
    /// Children that do not end at once when they are stopped.
    var slow: Set<String> = []
    var now = Monotonic(nanoseconds: 1_000_000_000)
    /// Starts, stops, timers and what became of the supervisor, in order.
    private var log: [String] = []
    /// The children that were released or forgotten, in order.
    private(set) var left: [String] = []
    private(set) var delays: [Duration] = []
    private(set) var timers: Set<SupervisorState.Timer> = []
    private(set) var answers: [SupervisorState.Request: SupervisorState.Answer] = [:]
    private var names: [SupervisorState.ChildID: String] = [:]
    private var actions: [SupervisorState.Action] = []
    private var isActing = false
    private var lastRequest = 0

    init(
        _ strategy: SupervisorStrategy = .oneForOne, restarts: Int = 10,
        within period: Duration = .seconds(60),
        backoff: Backoff = .none, autoShutdown: AutoShutdown = .never, isDynamic: Bool = false,
        children: [ChildRules] = []
    ) {
        let rules = SupervisorRules(
            strategy: strategy, intensity: .init(restarts: restarts, within: period), backoff: backoff,
            autoShutdown: autoShutdown, isDynamic: isDynamic)
        state = SupervisorState(rules, children: children)
        for child in state.children { names[child.id] = child.rules.name }
    }

    /// A supervisor whose children have been started, with nothing in the log.
    static func running(
        _ strategy: SupervisorStrategy = .oneForOne, restarts: Int = 10, backoff: Backoff = .none,
        autoShutdown: AutoShutdown = .never, isDynamic: Bool = false, children: [ChildRules] = []
    ) -> Bench {
        let bench = Bench(
            strategy, restarts: restarts, backoff: backoff, autoShutdown: autoShutdown, isDynamic: isDynamic,
            children: children)
        bench.start()
        #expect(bench.state.phase == .running)
        _ = bench.takeLog()
        return bench
    }

    // MARK: What happens

    func start() { act(state.start()) }

    func stop() { act(state.stop(.shutdown)) }

    /// The child's incarnation is gone, or its start has failed.
    func end(_ name: String, _ reason: ExitReason = .crashed(signal: 9)) {
        if let id = id(name) { act(state.childEnded(id, reason, at: now, random: 0.5)) }
    }

    func succeed(_ name: String) { if let id = id(name) { act(state.childStarted(id)) } }

    func ignore(_ name: String) { if let id = id(name) { act(state.childIgnored(id)) } }

    /// The child's timer, or without a name the group's, fires.
    func fire(_ name: String? = nil) {
        let timer = name.flatMap(id).map(SupervisorState.Timer.child) ?? .group
        #expect(timers.remove(timer) != nil, "no timer is set")
        act(state.timerFired(timer))
    }

    // MARK: What is asked; the answer, if it came at once

    @discardableResult
    func startChild(_ rules: ChildRules) -> SupervisorState.Answer? {
        ask { state, request in
            let actions = state.startChild(rules, for: request)
            if let added = state.children.last, added.starter == request { names[added.id] = rules.name }
            return actions
        }
    }

    @discardableResult
    func stopChild(_ name: String) -> SupervisorState.Answer? {
        ask { $0.stopChild(id(name) ?? -1, for: $1) }
    }

    @discardableResult
    func restartChild(_ name: String) -> SupervisorState.Answer? {
        ask { $0.restartChild(id(name) ?? -1, for: $1) }
    }

    @discardableResult
    func deleteChild(_ name: String) -> SupervisorState.Answer? {
        ask { $0.deleteChild(id(name) ?? -1, for: $1) }
    }

    private func ask(
        _ question: (inout SupervisorState, SupervisorState.Request) -> [SupervisorState.Action]
    ) -> SupervisorState.Answer? {
        lastRequest += 1
        let request = lastRequest
        var copy = state
        let decided = question(&copy, request)
        state = copy
        act(decided)
        return answers[request]
    }

    // MARK: What can be seen

    /// What was done since the last time.
    func takeLog() -> [String] {
        defer { log = [] }
        return log
    }

    /// The children that are specified.
    var specified: [String] { state.children.map(\.rules.name) }

    /// The children that run.
    var running: [String] { state.children.filter { $0.phase == .running }.map(\.rules.name) }

    func phase(_ name: String) -> SupervisorState.ChildPhase? { state.child(named: name)?.phase }

    func isRestarting(_ name: String) -> Bool { state.child(named: name).map(state.isRestarting) ?? false }

    /// Why the supervisor has ended; nil when it has not.
    var endReason: ExitReason? {
        if case .ended(let reason) = state.phase { reason } else { nil }
    }

    var hasGivenUp: Bool {
        if case .failed(let error) = endReason { error.typeName == "RestartIntensityExceeded" } else { false }
    }

    private func id(_ name: String) -> SupervisorState.ChildID? { state.child(named: name)?.id }

    // MARK: Acting

    private func act(_ decided: [SupervisorState.Action]) {
        actions += decided
        if isActing { return }
        isActing = true
        while !actions.isEmpty { perform(actions.removeFirst()) }
        isActing = false
    }

    private func perform(_ action: SupervisorState.Action) {
        switch action {
        case .start(let id): startIncarnation(id, name(id))
        case .stop(let id):
            log.append("stop \(name(id))")
            if !slow.contains(name(id)) { end(name(id), .shutdown) }
        case .setTimer(let timer, let delay):
            #expect(timers.insert(timer).inserted, "a timer is set twice")
            log.append("wait \(delay)")
        case .cancelTimer(let timer):
            #expect(timers.remove(timer) != nil, "a timer is cancelled that was not set")
            log.append("cancel")
        case .release(let id): left.append(name(id))
        case .forget(let id): left.append("\(name(id)) for good")
        case .restarting(_, let delay): delays.append(delay)
        case .gaveUp(let id): log.append("gave up \(name(id))")
        case .answer(let request, let answer):
            #expect(answers.updateValue(answer, forKey: request) == nil, "a request is answered twice")
        case .started: log.append("started")
        case .ended: log.append("ended")
        }
    }

    private func startIncarnation(_ id: SupervisorState.ChildID, _ name: String) {
        log.append("start \(name)")
        let result = script[name, default: []].isEmpty ? .succeeds : script[name]?.removeFirst() ?? .succeeds
        switch result {
        case .succeeds: succeed(name)
        case .fails(let reason): end(name, reason)
        case .ignores: ignore(name)
        case .hangs: break
        }
    }

    private func name(_ id: SupervisorState.ChildID) -> String { names[id] ?? "child \(id)" }
}

extension ChildRules {
    static func permanent(_ name: String) -> ChildRules { ChildRules(name: name) }

    static func transient(_ name: String, isSignificant: Bool = false) -> ChildRules {
        ChildRules(name: name, restart: .transient, isSignificant: isSignificant)
    }

    static func temporary(_ name: String, isSignificant: Bool = false) -> ChildRules {
        ChildRules(name: name, restart: .temporary, isSignificant: isSignificant)
    }
}

extension ExitReason {
    static let oops = ExitReason.exited(code: 1)
}
