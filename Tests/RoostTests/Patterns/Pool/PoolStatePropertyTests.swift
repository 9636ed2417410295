import RoostTesting
import Testing

@testable import Roost

/// Random lives of pools: whatever happens in whatever order, each task has one outcome, and none is at two places.
@Suite struct PoolStatePropertyTests {
    @Test(arguments: 0..<300) func `in random lives each task has one outcome`(seed: Int) throws {
        var world = PoolWorld(seed: UInt64(seed))
        for _ in 0..<400 { try world.step() }
        try world.finish()
        #expect(world.outcomes.values.allSatisfy { $0 == 1 })
        #expect(world.state.tickets.isEmpty)
        #expect(world.state.waitingTasks == 0)
    }
}

/// Plays everything that a pool's state does not decide: processes, callers and time.
private struct PoolWorld {
    struct Task: Hashable { var ticket: Int, index: Int }

    struct Violation: Error, CustomStringConvertible { var description: String }

    /// What becomes of a process that the pool asked for.
    struct Life {
        var isReady = false
        var call: PoolAssignment?
        var isAsked = false
        var isDead = false
    }

    var random: SeededGenerator
    var state: PoolState
    var processes: [Int: Life] = [:]
    var outcomes: [Task: Int] = [:]
    /// How often a task's process died while the task was served alone.
    var deaths: [Task: Int] = [:]
    var attempts: [Int: Int] = [:]
    var counts: [Int: Int] = [:]
    var open: Set<Int> = []
    var timers: [(inout PoolState) -> [PoolState.Action]] = []
    var lastTicket = 0
    var isStopped = false
    let recycleAfter: Int?
    var served: [Int: Int] = [:]

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        let minimum = Int.random(in: 1...3, using: &random)
        var rules = PoolState.Rules(sizes: minimum...(minimum + Int.random(in: 0...2, using: &random)))
        recycleAfter = Bool.random(using: &random) ? Int.random(in: 1...20, using: &random) : nil
        rules.recycleAfter = recycleAfter
        state = PoolState(rules)
        state.batchLimit = Int.random(in: 1...5, using: &random)
    }

    mutating func step() throws {
        if state.lastPlace == 0 { try perform(state.start()) }
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<20: try submit()
        case 20..<25: try abandon()
        case 25..<45: try becomeReady()
        case 45..<75: try answer()
        case 75..<85: try die()
        case 85..<97: try timer()
        case 97: try perform(state.resize(to: 1...Int.random(in: 1...4, using: &random)))
        default: if Int.random(in: 0..<50, using: &random) == 0 { try perform(state.stop()) }
        }
        try check()
    }

    /// Lets everything come to its end.
    mutating func finish() throws {
        for _ in 0..<20_000 where !open.isEmpty || !processes.isEmpty || !timers.isEmpty {
            if state.mode == .open && open.isEmpty { try perform(state.stop()) }
            try becomeReady(failing: false)
            try answer(dying: false)
            try dieAsked()
            try timer()
            try check()
            if isStopped { timers = [] }
        }
        guard open.isEmpty, processes.isEmpty, isStopped else {
            throw Violation(description: "left: \(open), \(processes), \(state.mode)")
        }
    }

    private mutating func submit() throws {
        lastTicket += 1
        let count = Bool.random(using: &random) ? 1 : Int.random(in: 1...12, using: &random)
        attempts[lastTicket] = Int.random(in: 1...3, using: &random)
        counts[lastTicket] = count
        open.insert(lastTicket)
        try perform(
            state.submitted(
                lastTicket, count: count, attempts: attempts[lastTicket] ?? 1,
                isBatchable: Bool.random(using: &random)))
    }

    private mutating func abandon() throws {
        guard let ticket = open.sorted().randomElement(using: &random) else { return }
        for index in 0..<(counts[ticket] ?? 0) where outcomes[Task(ticket: ticket, index: index)] == nil {
            outcomes[Task(ticket: ticket, index: index)] = 1
        }
        open.remove(ticket)
        try perform(state.abandoned(ticket))
    }

    private mutating func pick(_ condition: (Life) -> Bool) -> Int? {
        processes.filter { condition($0.value) }.keys.sorted().randomElement(using: &random)
    }

    private mutating func becomeReady(failing: Bool = true) throws {
        guard let place = pick({ !$0.isReady }) else { return }
        if failing && Int.random(in: 0..<8, using: &random) == 0 {
            processes[place] = nil
            return try perform(state.failedToStart(place))
        }
        processes[place]?.isReady = true
        try perform(state.started(place))
    }

    private mutating func answer(dying: Bool = true) throws {
        guard let place = pick({ $0.call != nil && !$0.isDead }), let call = processes[place]?.call else {
            return
        }
        processes[place]?.call = nil
        if case .cancelled? = state.places.first(where: { $0.id == place })?.call {
            return try perform(state.settled(place))
        }
        if dying && call.count > 1 && Int.random(in: 0..<10, using: &random) == 0 {
            return try perform(state.refused(place))
        }
        let count = Int.random(in: 1...call.count, using: &random)
        let tasks = tasks(of: call).prefix(count)
        var lost: [Int] = []
        if call.count > 1 { lost = (0..<count).filter { _ in Int.random(in: 0..<20, using: &random) == 0 } }
        for (position, task) in tasks.enumerated()
        where !lost.contains(position) && open.contains(task.ticket) {
            try note(task)
        }
        served[place, default: 0] += count
        try perform(state.served(place, count: count, lost: lost))
    }

    private func tasks(of call: PoolAssignment) -> [Task] {
        call.spans.flatMap { span in span.range.map { Task(ticket: span.ticket, index: $0) } }
    }

    private mutating func note(_ task: Task) throws {
        outcomes[task, default: 0] += 1
        if outcomes[task] != 1 { throw Violation(description: "\(task) has two outcomes") }
        let left = (0..<(counts[task.ticket] ?? 0)).contains {
            outcomes[Task(ticket: task.ticket, index: $0)] == nil
        }
        if !left { open.remove(task.ticket) }
    }

    private mutating func die() throws {
        guard let place = pick({ $0.isReady && !$0.isDead }) else { return }
        try end(place, .crashed(signal: 9))
    }

    private mutating func dieAsked() throws {
        guard let place = pick({ $0.isAsked && $0.call == nil }) else { return }
        try end(place, .shutdown)
    }

    /// The end of a process, and of its call, in either order.
    private mutating func end(_ place: Int, _ reason: ExitReason) throws {
        let call = processes[place]?.call
        processes[place] = nil
        let begun = Bool.random(using: &random)
        let wasKilled = state.places.first { $0.id == place }?.isKilled ?? false
        if let call, call.count == 1, begun, !wasKilled, let task = tasks(of: call).first {
            deaths[task, default: 0] += 1
        }
        guard call != nil else { return try perform(state.ended(place, reason)) }
        if Bool.random(using: &random) {
            try perform(state.lost(place, begun: begun))
            try perform(state.ended(place, reason))
        } else {
            try perform(state.ended(place, reason))
            try perform(state.lost(place, begun: begun))
        }
    }

    private mutating func timer() throws {
        guard let index = timers.indices.randomElement(using: &random) else { return }
        let timer = timers.remove(at: index)
        try perform(timer(&state))
    }

    private mutating func perform(_ actions: [PoolState.Action]) throws {
        for action in actions {
            switch action {
            case .start(let place): processes[place] = Life()
            case .serve(let assignment, let place): try serve(assignment, place)
            case .cancelCall: break
            case .setGrace(let place, let number): timers.append { $0.graceOver(place, assignment: number) }
            case .kill(let place):
                if processes[place] != nil { try end(place, .killed(by: .user)) }
            case .stop(let place): processes[place]?.isAsked = true
            case .setRestartTimer: timers.append { $0.restartTimerOver() }
            case .setIdleTimer(let place, let number):
                timers.append { $0.idleTimerOver(place, assignment: number) }
            case .fail(let span, let fate): try fail(span, fate)
            case .warm, .drained: break
            case .stopped: isStopped = true
            }
        }
    }

    private mutating func serve(_ assignment: PoolAssignment, _ place: Int) throws {
        guard let process = processes[place], process.isReady, process.call == nil, !process.isAsked else {
            throw Violation(description: "place \(place) cannot serve")
        }
        for task in tasks(of: assignment) {
            if outcomes[task] != nil { throw Violation(description: "\(task) is served after its outcome") }
            let elsewhere = processes.values.contains {
                $0.call.map { tasks(of: $0).contains(task) } ?? false
            }
            if elsewhere { throw Violation(description: "\(task) is at two places") }
            if attempts[task.ticket] == 1 && assignment.count > 1 {
                throw Violation(description: "\(task) may not be served beside others")
            }
        }
        if let recycleAfter, served[place, default: 0] + assignment.count > recycleAfter {
            throw Violation(description: "place \(place) is worn out")
        }
        processes[place]?.call = assignment
    }

    private mutating func fail(_ span: PoolSpan, _ fate: PoolState.PoolFate) throws {
        for index in span.range {
            let task = Task(ticket: span.ticket, index: index)
            if case .died = fate, span.misses < 10, deaths[task] != attempts[span.ticket] {
                throw Violation(description: "\(task) failed after \(deaths[task] ?? 0) deaths")
            }
            try note(task)
        }
    }

    private func check() throws {
        if state.countedPlaces > state.rules.sizes.upperBound, state.resizeIsOver {
            throw Violation(description: "too many places")
        }
        let waiting = state.tickets.values.reduce(0) { $0 + $1.waiting }
        if waiting != state.waitingTasks { throw Violation(description: "\(state.waitingTasks) do not wait") }
        if state.mode == .open, waiting > 0, state.places.contains(where: { $0.isIdle }) {
            throw Violation(description: "somebody is idle while tasks wait")
        }
        if state.mode == .open, waiting > 0, !state.isRestartTimerSet,
            !state.places.contains(where: { $0.isCounted }),
            !state.places.contains(where: { $0.standing == .leaving })
        {
            throw Violation(description: "tasks wait for ever")
        }
    }
}

extension PoolState {
    /// Whether there is no place any more that has to finish before it can go.
    fileprivate var resizeIsOver: Bool { !places.contains { $0.isCalled || $0.standing == .starting } }
}
