import RoostWire
import Testing

@testable import Roost

/// Actors that call each other at random, each in a process of its own, and who waits for ever among them.
///
/// Everything under way takes its time: calls, answers, reports and failures.
struct WaitWorld {
    enum Event {
        case message, call, leave, arrive, answer, finish, report, read, fail, due
    }

    private enum Stage { case unsent, travelling, arrived, answered, done }

    private struct Call {
        var caller: Int?
        var callee: Int
        var path: [Int]
        var made: UInt64
        var stage = Stage.travelling
        /// Told to fail; it has not heard yet.
        var isDoomed = false
    }

    private struct Actor {
        var mailbox = MailboxState<Int>()
        /// The messages under way, and their levels.
        var running: [Int: Int] = [:]
        var reports: [WaitReport] = []
        var isAsked = false
    }

    private var calls: [Int: Call] = [:]
    private var actors: [Actor]
    private var last = 0
    private var time: UInt64 = 1_000
    private(set) var graph = WaitGraph()
    private var isToBeContinued = false
    private(set) var failures = 0
    private(set) var faults: [String] = []
    private(set) var greatestCircle = 0

    init(actors count: Int) {
        actors = Array(repeating: Actor(), count: count)
    }

    /// Does one of these, if there is one to do.
    mutating func happen(_ event: Event, using random: inout some RandomNumberGenerator) {
        time += 1
        switch event {
        case .message: begin(from: nil, using: &random)
        case .call:
            if let message = idle.filter({ calls[$0]?.path.count ?? 0 < 8 }).randomElement(using: &random) {
                for _ in 0..<Int.random(in: 1...2, using: &random) { begin(from: message, using: &random) }
            }
        case .leave: if let call = some(.unsent, using: &random) { calls[call]?.stage = .travelling }
        case .arrive: if let call = some(.travelling, using: &random) { arrive(call) }
        case .answer: if let call = some(.answered, using: &random) { calls[call]?.stage = .done }
        case .finish: if let message = idle.randomElement(using: &random) { finish(message) }
        case .report: report(Int.random(in: actors.indices, using: &random))
        case .read: read(using: &random)
        case .fail:
            if let call = calls.filter({ $0.value.isDoomed && $0.value.stage != .done }).keys.sorted()
                .randomElement(using: &random)
            {
                fail(call)
            }
        case .due: due()
        }
    }

    /// Lets everything come to its end: no call begins any more.
    mutating func settle(using random: inout some RandomNumberGenerator) {
        // The calls that have not been reported yet; what follows is told to who asks.
        for index in actors.indices { report(index) }
        for _ in 0..<400 {
            for _ in 0..<40 {
                for event in [Event.leave, .arrive, .answer, .finish, .fail] { happen(event, using: &random) }
            }
            for _ in actors.indices { for _ in 0..<3 { happen(.read, using: &random) } }
            happen(.due, using: &random)
            if open.isEmpty { return }
        }
        faults.append("\(open.count) calls never ended, \(stuck.count) of them wait for each other")
    }

    private var open: [Int] { calls.filter { $0.value.stage != .done }.keys.sorted() }

    private func some(_ stage: Stage, using random: inout some RandomNumberGenerator) -> Int? {
        calls.filter { $0.value.stage == stage }.keys.sorted().randomElement(using: &random)
    }

    private func waits(of message: Int) -> [Int] {
        calls.filter { $0.value.caller == message && $0.value.stage != .done }.keys.sorted()
    }

    /// The messages under way that wait for nothing.
    private var idle: [Int] {
        actors.flatMap(\.running.keys).filter { waits(of: $0).isEmpty }.sorted()
    }

    // MARK: Calls

    private mutating func begin(from message: Int?, using random: inout some RandomNumberGenerator) {
        last += 1
        let path = message.flatMap { calls[$0] }.map { $0.path + [$0.callee] } ?? []
        var call = Call(
            caller: message, callee: Int.random(in: actors.indices, using: &random), path: path, made: time)
        if Bool.random(using: &random) { call.stage = .unsent }
        calls[last] = call
        time += 1
    }

    private func level(of call: Call) -> Int { call.path.count { $0 == call.callee } }

    private mutating func arrive(_ id: Int) {
        guard let call = calls[id] else { return }
        calls[id]?.stage = .arrived
        switch actors[call.callee].mailbox.arrived(id, level: level(of: call)) {
        case .wakeServer: serveNext(call.callee)
        case .serveNested(let id, let level): actors[call.callee].running[id] = level
        case .queued, .refused: break
        }
    }

    private mutating func serveNext(_ actor: Int) {
        if let id = actors[actor].mailbox.next() { actors[actor].running[id] = 1 }
    }

    private mutating func finish(_ id: Int) {
        guard let actor = calls[id]?.callee, let level = actors[actor].running.removeValue(forKey: id) else {
            return
        }
        let isWaitedFor = calls[id]?.caller != nil
        calls[id]?.stage = isWaitedFor ? .answered : .done
        if level == 1 { return serveNext(actor) }
        switch actors[actor].mailbox.nestedEnded(level: level) {
        case .serve(let next, let level): actors[actor].running[next] = level
        case .wakeServer: serveNext(actor)
        case .nothing: break
        }
    }

    /// The call ends for its caller, and is withdrawn from where it waits.
    private mutating func fail(_ id: Int) {
        guard let call = calls[id] else { return }
        if actors[call.callee].running[id] != nil { return faults.append("a call that failed had begun") }
        calls[id]?.stage = .done
        _ = actors[call.callee].mailbox.remove { $0 == id }
    }

    // MARK: Reports

    private func name(_ id: Int) -> CallName? {
        guard let call = calls[id], let caller = call.caller.flatMap({ calls[$0] }) else { return nil }
        return CallName(
            caller: UInt64(caller.callee) + 2, callee: UInt64(call.callee) + 2, number: UInt64(id))
    }

    private mutating func report(_ index: Int) {
        var actor = WaitReport.Actor(key: .spawned(UInt64(index)), name: "\(index)")
        for (message, level) in actors[index].running {
            for id in waits(of: message) {
                guard let call = calls[id] else { continue }
                actor.waits.append(
                    WaitReport.Wait(
                        number: UInt64(id), level: level, serves: name(message),
                        callee: .spawned(UInt64(call.callee)), calleeLevel: self.level(of: call),
                        sent: call.stage == .unsent ? nil : name(id), made: call.made))
            }
        }
        actors[index].mailbox.forEachWaiting { id, level in
            if let name = name(id) { actor.queue.append(name, level: level) }
        }
        let report = WaitReport(begun: time, ended: time, actors: actor.waits.isEmpty ? [] : [actor])
        actors[index].reports.append(report)
        time += 1
    }

    /// The node reads a report, and does what the graph says.
    private mutating func read(using random: inout some RandomNumberGenerator) {
        for index in actors.indices where actors[index].isAsked {
            actors[index].isAsked = false
            report(index)
        }
        let full = actors.indices.filter { !actors[$0].reports.isEmpty }
        guard let index = full.randomElement(using: &random) else { return }
        let action = graph.reported(actors[index].reports.removeFirst(), by: UInt64(index) + 2)
        for process in action.asked { actors[Int(process) - 2].isAsked = true }
        if !action.asked.isEmpty { isToBeContinued = true }
        guard let deadlock = action.deadlock else { return }
        failures += 1
        greatestCircle = max(greatestCircle, deadlock.path.count)
        let id = Int(deadlock.call)
        if !stuck.contains(id) { faults.append("call \(id) was no deadlock: \(deadlock.path)") }
        calls[id]?.isDoomed = true
    }

    private mutating func due() {
        guard isToBeContinued else { return }
        let action = graph.due()
        for process in action.asked { actors[Int(process) - 2].isAsked = true }
        isToBeContinued = action.isToBeContinued
    }

    // MARK: The truth

    /// The calls that can never end, but for those told to fail: everything that is not known to end.
    var stuck: Set<Int> {
        var ending: Set<Int> = []
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for id in open where !ending.contains(id) && canEnd(id, ending) {
                ending.insert(id)
                hasChanged = true
            }
        }
        return Set(open).subtracting(ending)
    }

    private func canEnd(_ id: Int, _ ending: Set<Int>) -> Bool {
        guard let call = calls[id], call.stage != .answered, !call.isDoomed else { return true }
        let actor = actors[call.callee]
        func ends(_ message: Int) -> Bool { waits(of: message).allSatisfy(ending.contains) }
        if actor.running[id] != nil { return ends(id) }
        let level = level(of: call)
        let present = actor.running.values.contains(level) ? level : 0
        return actor.running.allSatisfy { $0.value <= present || ends($0.key) }
    }
}
