import RoostPlatform
import RoostTesting
import Testing

@testable import Roost

/// Ten thousand random lives of supervisors, and what must hold in each of them after every event.
@Suite struct SupervisorPropertyTests {
    private static let shards = 4
    private static let livesOfShard = 2_500

    @Test(arguments: 0..<shards)
    func `whatever happens in whatever order, a supervisor keeps its promises`(shard: Int) {
        for number in 0..<Self.livesOfShard {
            let seed = UInt64(shard * Self.livesOfShard + number)
            let model = live(seed)
            guard let fault = model.fault else { continue }
            let events = model.history.map { "  \($0)" }.joined(separator: "\n")
            let children = model.initial.map { "  \($0)" }.joined(separator: "\n")
            Issue.record("seed \(seed): \(fault)\n\(model.rules)\n\(children)\n\(events)")
            return
        }
    }

    @Test func `the random lives come through everything that a supervisor does`() {
        var counts: [String: Int] = [:]
        for seed in 0..<500 as Range<UInt64> {
            for kind in live(seed).kinds { counts[kind, default: 0] += 1 }
        }
        for kind in [
            "start", "stop", "setTimer", "cancelTimer", "release", "forget", "restarting", "gaveUp", "answer",
            "started", "ended",
        ] {
            #expect(counts[kind, default: 0] >= 25, "\(kind) in \(counts[kind, default: 0]) of 500 lives")
        }
    }

    /// A life with this seed, from the start to the end, or to the first thing that is wrong.
    private func live(_ seed: UInt64) -> SupervisorModel {
        var random = RandomLife(SeededGenerator(seed: seed))
        let rules = random.rules()
        let model = SupervisorModel(rules, children: random.children(of: rules))
        model.happen(.start)
        for _ in 0..<random.number(in: 5...60) where model.fault == nil {
            guard let event = random.event(in: model) else { continue }
            model.happen(event, after: .milliseconds(random.number(in: 0...300)), random: random.share())
        }
        if model.fault == nil { model.happen(.stop) }
        // What is still there ends, sooner or later.
        while model.fault == nil, let event = random.end(in: model) { model.happen(event) }
        if model.fault == nil, !model.isEnded { model.fail("all children have ended, and it has not") }
        if model.fault == nil { model.happen(.stop) }
        return model
    }
}

/// Draws what a supervisor is like and what happens to it.
private struct RandomLife {
    private var random: SeededGenerator
    private var nextName = 0

    init(_ random: SeededGenerator) { self.random = random }

    mutating func number(in range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }

    mutating func share() -> Double { .random(in: 0...1, using: &random) }

    private mutating func one<T>(of values: [T]) -> T? { values.randomElement(using: &random) }

    private mutating func chance(_ percent: Int) -> Bool { number(in: 1...100) <= percent }

    mutating func rules() -> SupervisorRules {
        var rules = SupervisorRules()
        rules.isDynamic = chance(20)
        if !rules.isDynamic { rules.strategy = one(of: SupervisorStrategy.allCases) ?? .oneForOne }
        rules.intensity = RestartIntensity(restarts: number(in: 0...8), within: .seconds(1))
        rules.backoff = chance(30) ? .none : Backoff(initial: .milliseconds(10), maximum: .milliseconds(200))
        if !rules.isDynamic && chance(40) { rules.autoShutdown = one(of: AutoShutdown.allCases) ?? .never }
        return rules
    }

    mutating func children(of rules: SupervisorRules) -> [ChildRules] {
        rules.isDynamic ? [] : (0..<number(in: 0...5)).map { _ in child(of: rules) }
    }

    private mutating func child(of rules: SupervisorRules) -> ChildRules {
        nextName += 1
        let restart: Restart = one(of: [.permanent, .transient, .temporary]) ?? .permanent
        let maySignify = rules.autoShutdown != .never && restart != .permanent
        return ChildRules(name: "c\(nextName)", restart: restart, isSignificant: maySignify && chance(50))
    }

    private mutating func reason() -> ExitReason {
        one(of: [.normal, .shutdown, .exited(code: 1), .killed(by: .user)]) ?? .unknown
    }

    /// Something that can happen now; nil when that is nothing of the kind that was drawn.
    mutating func event(in model: SupervisorModel) -> SupervisorModel.Event? {
        switch number(in: 1...100) {
        case ...55: return childEvent(in: model)
        case ...70: return one(of: sorted(model.timers)).map { .fired($0) }
        case ...78: return .startChild(chance(80) ? child(of: model.rules) : known(in: model))
        case ...86: return .stopChild(anyID(in: model))
        case ...93: return .restartChild(anyID(in: model))
        case ...98: return .deleteChild(anyID(in: model))
        default: return chance(50) ? .stop : nil
        }
    }

    // What becomes of a start or a stop, or the death of one that runs.
    private mutating func childEvent(in model: SupervisorModel) -> SupervisorModel.Event? {
        guard let id = one(of: live(in: model)), let life = model.accounts[id]?.life else { return nil }
        switch life {
        case .absent: return nil
        case .starting:
            switch number(in: 1...20) {
            case ...16: return .succeeded(id)
            case 17...18: return .ignored(id)
            default: return .ended(id, reason())
            }
        case .running: return .ended(id, reason())
        // What was asked to stop may still have become ready, or have said that it is not needed.
        case .stopping: return chance(10) ? .succeeded(id) : chance(10) ? .ignored(id) : .ended(id, reason())
        }
    }

    /// An end that is to be expected once all is stopped.
    mutating func end(in model: SupervisorModel) -> SupervisorModel.Event? {
        one(of: live(in: model)).map { .ended($0, reason()) }
    }

    private func live(in model: SupervisorModel) -> [Int] {
        model.state.children.map(\.id).filter { model.accounts[$0]?.life != .absent }
    }

    private mutating func anyID(in model: SupervisorModel) -> Int {
        chance(5) ? 1_000 : one(of: model.state.children.map(\.id)) ?? 1_000
    }

    private mutating func known(in model: SupervisorModel) -> ChildRules {
        one(of: model.state.children.map(\.rules)) ?? child(of: model.rules)
    }

    // In an order that is the same in every run.
    private func sorted(_ timers: Set<SupervisorState.Timer>) -> [SupervisorState.Timer] {
        timers.sorted { order($0) < order($1) }
    }

    private func order(_ timer: SupervisorState.Timer) -> Int {
        switch timer {
        case .group: -1
        case .child(let id): id
        }
    }
}
