import RoostPlatform
import RoostTesting
import Testing

@testable import Roost

@Suite struct ActorLifeTests {
    private static let now = Monotonic(nanoseconds: 1_000_000_000)

    private func life(
        _ restart: Restart = .permanent, restarts: Int = 10, backoff: Backoff = Backoff(jitter: 0)
    ) -> ActorLife {
        ActorLife(restart: restart, intensity: RestartIntensity(restarts: restarts), backoff: backoff)
    }

    private func running(_ restart: Restart = .permanent, restarts: Int = 10) -> ActorLife {
        var life = life(restart, restarts: restarts)
        #expect(life.ready() == .started)
        return life
    }

    private static func end(_ life: inout ActorLife, _ reason: ExitReason = .unknown) -> ActorLife.EndedAction
    {
        life.processEnded(reason, at: now, random: 0.5)
    }

    private static func elapse(_ life: inout ActorLife) -> Bool { life.backoffElapsed() }

    // MARK: Every phase and every event

    /// A phase, told apart by how it was come to where that matters.
    enum Situation: CaseIterable {
        case starting, startingAgain, running, runningAgain, waiting
        case stoppingUnstarted, stoppingAgain, stopping, ended, startFailed, gaveUp, stoppedWaiting
    }

    private func life(in situation: Situation) -> ActorLife {
        var life = life(restarts: situation == .gaveUp ? 0 : 10)
        if situation == .starting { return life }
        if situation == .startFailed {
            _ = Self.end(&life, .exited(code: 1))
            return life
        }
        if situation == .stoppingUnstarted {
            _ = life.stopRequested()
            return life
        }
        _ = life.ready()
        switch situation {
        case .starting, .startFailed, .stoppingUnstarted, .running: break
        case .stopping: _ = life.stopRequested()
        case .ended:
            _ = life.stopRequested()
            _ = Self.end(&life, .shutdown)
        case .gaveUp: _ = Self.end(&life, .crashed(signal: 6))
        case .waiting: _ = Self.end(&life)
        case .stoppedWaiting:
            _ = Self.end(&life)
            _ = life.stopRequested()
        case .startingAgain, .runningAgain, .stoppingAgain:
            _ = Self.end(&life)
            _ = life.backoffElapsed()
            if situation == .runningAgain { _ = life.ready() }
            if situation == .stoppingAgain { _ = life.stopRequested() }
        }
        return life
    }

    /// What each event does in a situation: the action, and the phase afterwards.
    private struct Row {
        var ready: (ActorLife.ReadyAction, ActorLife.Phase)
        var ended: (ActorLife.EndedAction, ActorLife.Phase)
        var elapsed: (Bool, ActorLife.Phase)
        var stop: (ActorLife.StopAction, ActorLife.Phase)

        /// Nothing happens any more.
        static func over(_ reason: ExitReason) -> Row {
            Row(
                ready: (.ignored, .ended(reason)), ended: (.ignored, .ended(reason)),
                elapsed: (false, .ended(reason)),
                stop: (.ignored, .ended(reason)))
        }
    }

    private func row(_ situation: Situation) -> Row {
        let died = ExitReason.crashed(signal: 9)
        // Situations with a 1st restart behind them have 10 ms before the 2nd.
        switch situation {
        case .starting:
            return Row(
                ready: (.started, .running), ended: (.startFailed, .ended(died)), elapsed: (false, .starting),
                stop: (.stopProcess, .stopping))
        case .startingAgain:
            return Row(
                ready: (.restarted, .running), ended: (.restart(after: .milliseconds(10)), .waiting),
                elapsed: (false, .starting), stop: (.stopProcess, .stopping))
        case .running:
            return Row(
                ready: (.ignored, .running), ended: (.restart(after: .zero), .waiting),
                elapsed: (false, .running),
                stop: (.stopProcess, .stopping))
        case .runningAgain:
            return Row(
                ready: (.ignored, .running), ended: (.restart(after: .milliseconds(10)), .waiting),
                elapsed: (false, .running), stop: (.stopProcess, .stopping))
        case .waiting:
            return Row(
                ready: (.ignored, .waiting), ended: (.ignored, .waiting), elapsed: (true, .starting),
                stop: (.ended(.shutdown), .ended(.shutdown)))
        case .stoppingUnstarted:
            return Row(
                ready: (.ignored, .stopping), ended: (.startFailed, .ended(died)),
                elapsed: (false, .stopping),
                stop: (.ignored, .stopping))
        case .stopping, .stoppingAgain:
            return Row(
                ready: (.ignored, .stopping), ended: (.ended(died), .ended(died)),
                elapsed: (false, .stopping),
                stop: (.ignored, .stopping))
        case .ended, .stoppedWaiting: return .over(.shutdown)
        case .startFailed: return .over(.exited(code: 1))
        case .gaveUp: return .over(.crashed(signal: 6))
        }
    }

    @Test(arguments: Situation.allCases) func `each event does in each phase what the table says`(
        _ situation: Situation
    ) {
        let start = life(in: situation)
        let row = row(situation)

        var life = start
        #expect(life.ready() == row.ready.0)
        #expect(life.phase == row.ready.1)
        #expect(life.incarnation == start.incarnation)

        life = start
        #expect(Self.end(&life, .crashed(signal: 9)) == row.ended.0)
        #expect(life.phase == row.ended.1)
        #expect(life.incarnation == start.incarnation)

        life = start
        #expect(life.backoffElapsed() == row.elapsed.0)
        #expect(life.phase == row.elapsed.1)
        #expect(life.incarnation == start.incarnation + (row.elapsed.0 ? 1 : 0))

        life = start
        #expect(life.stopRequested() == row.stop.0)
        #expect(life.phase == row.stop.1)
        #expect(life.incarnation == start.incarnation)
    }

    // MARK: Restart type and reason

    @Test(arguments: [Restart.permanent, .transient, .temporary])
    func `restart type and exit reason decide together`(_ restart: Restart) {
        for (reason, isNormal) in RestartTests.reasons {
            let isRestarted =
                switch restart {
                case .permanent: true
                case .transient: !isNormal
                case .temporary: false
                }
            var life = running(restart)
            let action = Self.end(&life, reason)
            #expect(action == (isRestarted ? .restart(after: .zero) : .ended(reason)), "\(restart) \(reason)")
            #expect(life.phase == (isRestarted ? .waiting : .ended(reason)))
        }
    }

    @Test(arguments: [Restart.permanent, .transient, .temporary])
    func `a first start that fails is not tried again, whatever the reason`(_ restart: Restart) {
        for (reason, _) in RestartTests.reasons {
            var life = life(restart)
            #expect(Self.end(&life, reason) == .startFailed)
            #expect(life.phase == .ended(reason))
            #expect(!Self.elapse(&life))
        }
    }

    @Test(arguments: [Restart.permanent, .transient, .temporary])
    func `a stopped child is not restarted, whatever the reason`(_ restart: Restart) {
        for (reason, _) in RestartTests.reasons {
            var life = running(restart)
            #expect(life.stopRequested() == .stopProcess)
            #expect(Self.end(&life, reason) == .ended(reason))
        }
    }

    // MARK: Stories

    @Test func `a later start that fails counts as a restart and is tried again`() {
        var life = running(restarts: 3)
        #expect(Self.end(&life) == .restart(after: .zero))
        for delay in [10, 20] {
            #expect(Self.elapse(&life))
            #expect(Self.end(&life) == .restart(after: .milliseconds(delay)))
        }
        #expect(Self.elapse(&life))
        #expect(life.incarnation == 4)
        #expect(Self.end(&life, .crashed(signal: 6)) == .gaveUp(.crashed(signal: 6)))
        #expect(life.phase == .ended(.crashed(signal: 6)))
    }

    @Test func `a transient child whose restart ends normally stays dead`() {
        var life = running(.transient)
        #expect(Self.end(&life, .crashed(signal: 11)) == .restart(after: .zero))
        #expect(Self.elapse(&life))
        #expect(Self.end(&life, .normal) == .ended(.normal))
    }

    @Test(arguments: [0, 1, 10]) func `it gives up at the restart past the intensity, not before`(
        _ restarts: Int
    ) {
        var life = running(restarts: restarts)
        for _ in 0..<restarts {
            #expect(Self.end(&life) != .gaveUp(.unknown))
            #expect(Self.elapse(&life))
            #expect(life.ready() == .restarted)
        }
        #expect(Self.end(&life, .exited(code: 2)) == .gaveUp(.exited(code: 2)))
        #expect(life.incarnation == restarts + 1)
    }

    @Test func `after a quiet period the backoff begins anew`() {
        var clock = ManualClock()
        var life = running()
        var delays: [Duration] = []
        for pause in [0, 1, 1, 61, 1] {
            clock.advance(by: .seconds(pause))
            guard case .restart(let delay) = life.processEnded(.unknown, at: clock.now, random: 0.5) else {
                Issue.record("gave up")
                return
            }
            delays.append(delay)
            _ = life.backoffElapsed()
            _ = life.ready()
        }
        #expect(delays == [.zero, .milliseconds(10), .milliseconds(20), .zero, .milliseconds(10)])
    }

    @Test func `the jitter of the backoff comes from the number given`() {
        for (random, expected) in [(0.0, 8), (1.0, 12)] {
            var life = life(backoff: Backoff())
            _ = life.ready()
            _ = Self.end(&life)
            _ = life.backoffElapsed()
            let action = life.processEnded(.unknown, at: Self.now, random: random)
            #expect(action == .restart(after: .milliseconds(expected)))
        }
    }

    // MARK: Against a model

    @Test(arguments: [1, 2, 3, 4, 5, 6]) func `random events agree with a naive account`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var clock = ManualClock()
        let restart = [Restart.permanent, .transient, .temporary][Int(seed) % 3]
        let intensity = RestartIntensity(restarts: 4, within: .seconds(10))
        var life = ActorLife(restart: restart, intensity: intensity, backoff: .none)
        var model = Model(restart: restart, intensity: intensity)
        for _ in 0..<10_000 {
            clock.advance(by: .nanoseconds(Int64.random(in: 1...4_000_000_000, using: &random)))
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<7: #expect(life.ready() == model.ready())
            case 7..<13:
                guard let (reason, _) = RestartTests.reasons.randomElement(using: &random) else { continue }
                let expected = model.ended(reason, at: clock.elapsed)
                #expect(life.processEnded(reason, at: clock.now, random: 0) == expected)
            case 13..<19: #expect(life.backoffElapsed() == model.backoffElapsed())
            default: #expect(life.stopRequested() == model.stop())
            }
            #expect(life.phase == model.phase && life.incarnation == model.incarnation)
            // A dead one stays dead; go on with another.
            if case .ended = life.phase, Int.random(in: 0..<4, using: &random) == 0 {
                life = ActorLife(restart: restart, intensity: intensity, backoff: .none)
                model = Model(restart: restart, intensity: intensity)
            }
        }
    }

    private struct Model {
        let restart: Restart
        let intensity: RestartIntensity
        var phase = ActorLife.Phase.starting
        var incarnation = 1
        var moments: [Duration] = []
        var everRan = false

        init(restart: Restart, intensity: RestartIntensity) {
            self.restart = restart
            self.intensity = intensity
        }

        mutating func ready() -> ActorLife.ReadyAction {
            if phase != .starting { return .ignored }
            phase = .running
            let action: ActorLife.ReadyAction = everRan ? .restarted : .started
            everRan = true
            return action
        }

        mutating func ended(_ reason: ExitReason, at now: Duration) -> ActorLife.EndedAction {
            let hasProcess = phase == .starting || phase == .running || phase == .stopping
            guard hasProcess else { return .ignored }
            let isStopping = phase == .stopping
            phase = .ended(reason)
            if !everRan { return .startFailed }
            let isNormal = reason == .normal || reason == .shutdown
            if isStopping || restart == .temporary || (restart == .transient && isNormal) {
                return .ended(reason)
            }
            moments.append(now)
            if moments.count(where: { now - $0 < intensity.period }) > intensity.restarts {
                return .gaveUp(reason)
            }
            phase = .waiting
            return .restart(after: .zero)
        }

        mutating func backoffElapsed() -> Bool {
            if phase != .waiting { return false }
            phase = .starting
            incarnation += 1
            return true
        }

        mutating func stop() -> ActorLife.StopAction {
            switch phase {
            case .waiting:
                phase = .ended(.shutdown)
                return .ended(.shutdown)
            case .starting, .running:
                phase = .stopping
                return .stopProcess
            default: return .ignored
            }
        }
    }
}
