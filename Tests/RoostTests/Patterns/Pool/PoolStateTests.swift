import Testing

@testable import Roost

@Suite struct PoolStateTests {
    /// A pool of so many places, all ready.
    private func open(_ sizes: ClosedRange<Int> = 1...1, recycleAfter: Int? = nil) -> PoolState {
        var rules = PoolState.Rules(sizes: sizes)
        rules.recycleAfter = recycleAfter
        var state = PoolState(rules)
        for action in state.start() {
            if case .start(let place) = action { _ = state.started(place) }
        }
        return state
    }

    private func span(_ ticket: Int, _ range: Range<Int> = 0..<1, alone: Bool = false, deaths: Int = 0)
        -> PoolSpan
    {
        PoolSpan(ticket: ticket, range: range, isAlone: alone, deaths: deaths)
    }

    private func serving(_ number: Int, _ spans: PoolSpan..., at place: Int) -> PoolState.Action {
        .serve(PoolAssignment(number: number, spans: spans), place: place)
    }

    @Test func `it is open when all of its first processes are ready`() {
        var state = PoolState(PoolState.Rules(sizes: 2...2))
        #expect(state.start() == [.start(place: 1), .start(place: 2)])
        #expect(state.submitted(7, count: 1, attempts: 3).isEmpty == true)
        #expect(state.started(2).isEmpty == true)
        #expect(state.started(1) == [.warm, serving(1, span(7), at: 1)])
    }

    @Test func `a first start that fails ends the others`() {
        var state = PoolState(PoolState.Rules(sizes: 2...2))
        _ = state.start()
        _ = state.started(1)
        #expect(state.failedToStart(2) == [.stop(place: 1)])
        #expect(state.ended(1, .shutdown) == [.stopped])
    }

    @Test func `tasks are begun in order, each at one place`() {
        var state = open(2...2)
        #expect(state.submitted(1, count: 1, attempts: 3) == [serving(1, span(1), at: 1)])
        #expect(state.submitted(2, count: 1, attempts: 3) == [serving(2, span(2), at: 2)])
        #expect(state.submitted(3, count: 1, attempts: 3).isEmpty == true)
        #expect(state.served(2, count: 1) == [serving(3, span(3), at: 2)])
        #expect(state.drain().isEmpty == true)
        #expect(state.served(1, count: 1).isEmpty == true)
        #expect(state.served(2, count: 1) == [.drained])
    }

    @Test func `single tasks that wait are served together when they are short`() {
        var state = open()
        state.batchLimit = 3
        _ = state.submitted(1, count: 1, attempts: 3, isBatchable: true)
        for ticket in 2...6 { _ = state.submitted(ticket, count: 1, attempts: 3, isBatchable: ticket != 5) }
        #expect(state.served(1, count: 1) == [serving(2, span(2), span(3), span(4), at: 1)])
        // The second was not begun before the time was over.
        #expect(state.served(1, count: 1) == [serving(3, span(3), span(4), at: 1)])
        #expect(state.served(1, count: 2) == [serving(4, span(5), at: 1)])
        #expect(state.served(1, count: 1) == [serving(5, span(6), at: 1)])
    }

    @Test func `what a place did not begin is given out again, before all others`() {
        var state = open()
        _ = state.submitted(1, count: 10, attempts: 3)
        _ = state.submitted(2, count: 1, attempts: 3)
        #expect(state.served(1, count: 4) == [serving(2, span(1, 4..<10), at: 1)])
        #expect(state.served(1, count: 6) == [serving(3, span(2), at: 1)])
    }

    @Test func `outcomes that did not arrive are asked for again, each alone`() {
        var state = open()
        _ = state.submitted(1, count: 4, attempts: 3)
        #expect(state.served(1, count: 4, lost: [1, 3]) == [serving(2, span(1, 1..<2, alone: true), at: 1)])
        #expect(state.served(1, count: 1) == [serving(3, span(1, 3..<4, alone: true), at: 1)])
        _ = state.drain()
        #expect(state.served(1, count: 1) == [.drained])
    }

    @Test func `a message that cannot be sent goes task by task`() {
        var state = open()
        _ = state.submitted(1, count: 2, attempts: 3)
        #expect(state.refused(1) == [serving(2, span(1, 0..<1, alone: true), at: 1)])
        #expect(state.served(1, count: 1) == [serving(3, span(1, 1..<2, alone: true), at: 1)])
    }

    @Test func `a task whose process dies is tried elsewhere, until it has been tried often enough`() {
        var state = open(2...2)
        _ = state.submitted(1, count: 1, attempts: 2)
        #expect(state.lost(1, begun: true) == [.start(place: 3)])
        #expect(
            state.ended(1, .crashed(signal: 9)) == [serving(2, span(1, alone: true, deaths: 1), at: 2)])
        #expect(state.ended(2, .crashed(signal: 11)).isEmpty == true)
        #expect(
            state.lost(2, begun: true) == [
                .fail(span(1, alone: true, deaths: 2), .died(.crashed(signal: 11), place: 2)),
                .start(place: 4),
            ])
    }

    @Test func `after a death in a chunk its tasks go one by one, and nobody has been tried`() {
        var state = open()
        _ = state.submitted(1, count: 3, attempts: 2)
        _ = state.lost(1, begun: true)
        _ = state.ended(1, .crashed(signal: 9))
        #expect(state.started(2) == [serving(2, span(1, 0..<1, alone: true), at: 2)])
        #expect(state.served(2, count: 1) == [serving(3, span(1, 1..<2, alone: true), at: 2)])
        _ = state.lost(2, begun: true)
        _ = state.ended(2, .crashed(signal: 9))
        #expect(state.started(3) == [serving(4, span(1, 1..<2, alone: true, deaths: 1), at: 3)])
    }

    @Test func `with one attempt no task is served beside another`() {
        var state = open()
        #expect(
            state.submitted(1, count: 2, attempts: 1) == [serving(1, span(1, 0..<1, alone: true), at: 1)])
        _ = state.lost(1, begun: true)
        #expect(
            state.ended(1, .exited(code: 3)).first
                == .fail(span(1, alone: true, deaths: 1), .died(.exited(code: 3), place: 1)))
        #expect(state.started(2) == [serving(2, span(1, 1..<2, alone: true), at: 2)])
    }

    @Test func `an end before the task was begun is not its attempt, but is not met for ever`() {
        var state = open()
        _ = state.submitted(1, count: 1, attempts: 1)
        var ends = 0
        var failure: PoolState.Action?
        while failure == nil, ends < 100 {
            ends += 1
            let place = state.lastPlace
            _ = state.lost(place, begun: false)
            let actions = state.ended(place, .exited(code: 0))
            failure = actions.first { if case .fail = $0 { true } else { false } }
            if actions.contains(where: { if case .setRestartTimer = $0 { true } else { false } }) {
                _ = state.restartTimerOver()
            }
            _ = state.started(state.lastPlace)
        }
        #expect(ends == 10)
        var last = span(1, alone: true)
        last.misses = 10
        #expect(failure == .fail(last, .died(.exited(code: 0), place: ends)))
    }

    @Test func `an answer that came before the end counts, in whichever order they are told`() {
        var state = open()
        _ = state.submitted(1, count: 1, attempts: 3)
        _ = state.drain()
        #expect(state.ended(1, .crashed(signal: 9)).isEmpty == true)
        #expect(state.served(1, count: 1) == [.drained, .start(place: 2)])
    }

    @Test func `an idle process that ends is replaced, the second time in a row after a pause`() {
        var state = open()
        #expect(state.ended(1, .crashed(signal: 9)) == [.start(place: 2)])
        _ = state.started(2)
        #expect(state.ended(2, .crashed(signal: 9)) == [.setRestartTimer(.milliseconds(10))])
        #expect(state.restartTimerOver() == [.start(place: 3)])
        _ = state.started(3)
        _ = state.submitted(1, count: 1, attempts: 3)
        _ = state.served(3, count: 1)
        #expect(state.ended(3, .crashed(signal: 9)) == [.start(place: 4)])
    }

    @Test func `when no process can be started, what waits fails, until one can`() {
        var state = open(2...2)
        _ = state.submitted(1, count: 1, attempts: 3)
        _ = state.served(1, count: 1)
        _ = state.ended(2, .crashed(signal: 9))
        _ = state.failedToStart(3)
        _ = state.submitted(2, count: 1, attempts: 3)
        _ = state.lost(1, begun: true)
        _ = state.ended(1, .crashed(signal: 9))
        // One start at a time, with pauses that grow.
        #expect(state.places.count == 1)
        #expect(state.failedToStart(4) == [.setRestartTimer(.milliseconds(10))])
        #expect(state.restartTimerOver() == [.start(place: 5)])
        #expect(
            state.failedToStart(5) == [
                .fail(span(2, alone: true, deaths: 1), .unavailable), .setRestartTimer(.milliseconds(20)),
            ])
        #expect(state.submitted(3, count: 5, attempts: 3) == [.fail(span(3, 0..<5), .unavailable)])
        #expect(state.restartTimerOver() == [.start(place: 6)])
        #expect(state.started(6) == [.start(place: 7)])
        #expect(state.submitted(4, count: 1, attempts: 3) == [serving(3, span(4), at: 6)])
    }

    @Test func `there is no use in trying where there can be no process`() {
        var state = open()
        _ = state.submitted(1, count: 1, attempts: 3)
        _ = state.lost(1, begun: false)
        _ = state.ended(1, .shutdown)
        _ = state.restartTimerOver()
        let actions = state.failedToStart(2, isFinal: true)
        #expect(actions.count == 1)
        #expect(state.isUnavailable)
    }

    @Test func `a task that nobody wants any more is taken from its place, or the place is killed`() {
        var state = open()
        _ = state.submitted(1, count: 1, attempts: 3)
        _ = state.submitted(2, count: 1, attempts: 3)
        #expect(state.abandoned(2).isEmpty == true)
        #expect(state.abandoned(1) == [.cancelCall(place: 1), .setGrace(place: 1, assignment: 1)])
        #expect(state.settled(1).isEmpty == true)
        #expect(state.graceOver(1, assignment: 1).isEmpty == true)
        #expect(state.submitted(3, count: 1, attempts: 3) == [serving(2, span(3), at: 1)])
        _ = state.abandoned(3)
        #expect(state.graceOver(1, assignment: 2) == [.kill(place: 1), .start(place: 2)])
        #expect(state.lost(1, begun: true).isEmpty == true)
        #expect(state.ended(1, .killed(by: .user)).isEmpty == true)
        #expect(state.tickets.isEmpty)
    }

    @Test func `what is served beside a task that has to be killed is served again, and has not been tried`()
    {
        var state = open()
        state.batchLimit = 2
        _ = state.submitted(1, count: 1, attempts: 1, isBatchable: true)
        _ = state.submitted(2, count: 1, attempts: 2, isBatchable: true)
        _ = state.submitted(3, count: 1, attempts: 2, isBatchable: true)
        #expect(state.served(1, count: 1) == [serving(2, span(2), span(3), at: 1)])
        #expect(state.abandoned(2) == [.setGrace(place: 1, assignment: 2)])
        #expect(state.graceOver(1, assignment: 2) == [.kill(place: 1), .start(place: 2)])
        _ = state.started(2)
        _ = state.lost(1, begun: true)
        #expect(state.ended(1, .killed(by: .user)) == [serving(3, span(3), at: 2)])
    }

    @Test func `a process is replaced after so many tasks, which it does not exceed`() {
        var state = open(recycleAfter: 3)
        #expect(state.submitted(1, count: 5, attempts: 3) == [serving(1, span(1, 0..<3), at: 1)])
        #expect(state.served(1, count: 3) == [.stop(place: 1), .start(place: 2)])
        #expect(state.ended(1, .shutdown).isEmpty == true)
        #expect(state.started(2) == [serving(2, span(1, 3..<5), at: 2)])
        #expect(state.submitted(2, count: 5, attempts: 3).isEmpty == true)
        #expect(state.served(2, count: 2) == [serving(3, span(2, 0..<1), at: 2)])
    }

    @Test func `it grows at once, and shrinks as places get free`() {
        var state = open(2...2)
        #expect(state.resize(to: 3...3) == [.start(place: 3)])
        _ = state.started(3)
        _ = state.submitted(1, count: 1, attempts: 3)
        _ = state.submitted(2, count: 1, attempts: 3)
        #expect(state.resize(to: 1...1) == [.stop(place: 3)])
        #expect(state.served(1, count: 1) == [.stop(place: 1)])
        #expect(state.served(2, count: 1).isEmpty == true)
        #expect(state.countedPlaces == 1)
    }

    @Test func `a place that is starting when it shrinks goes, and those that are warm stay`() {
        var state = open(1...1)
        #expect(state.resize(to: 3...3) == [.start(place: 2), .start(place: 3)])
        _ = state.started(2)
        #expect(state.resize(to: 1...1) == [.stop(place: 2)])
        #expect(state.started(3) == [.stop(place: 3)])
        #expect(state.countedPlaces == 1)
    }

    @Test func `an adaptive pool grows while tasks wait, and shrinks when nobody needs it`() {
        var state = open(1...2)
        _ = state.submitted(1, count: 1, attempts: 3)
        #expect(state.submitted(2, count: 1, attempts: 3) == [.start(place: 2)])
        #expect(state.submitted(3, count: 1, attempts: 3).isEmpty == true)
        #expect(state.started(2) == [serving(2, span(2), at: 2)])
        #expect(state.served(2, count: 1) == [serving(3, span(3), at: 2)])
        #expect(state.served(2, count: 1) == [.setIdleTimer(place: 2, assignment: 3)])
        #expect(state.idleTimerOver(2, assignment: 2).isEmpty == true)
        #expect(state.idleTimerOver(2, assignment: 3) == [.stop(place: 2)])
        #expect(state.served(1, count: 1).isEmpty == true)
        #expect(state.idleTimerOver(1, assignment: 1).isEmpty == true)
    }

    @Test func `stopping finishes what is being served, and fails what waits`() {
        var state = open(2...2)
        _ = state.submitted(1, count: 1, attempts: 3)
        _ = state.submitted(2, count: 1, attempts: 3)
        _ = state.submitted(3, count: 4, attempts: 3)
        #expect(
            state.stop() == [.fail(span(3, 0..<4), .stopped(nil)), .stop(place: 1), .stop(place: 2)])
        #expect(state.submitted(4, count: 1, attempts: 3) == [.fail(span(4), .stopped(nil))])
        #expect(state.served(1, count: 1).isEmpty == true)
        #expect(state.ended(1, .shutdown).isEmpty == true)
        _ = state.lost(2, begun: true)
        let reason = ExitReason.killed(by: .shutdownTimeout)
        #expect(state.ended(2, reason) == [.fail(span(2), .stopped(reason)), .stopped])
        #expect(state.stop().isEmpty == true)
    }

    @Test func `a process that gets ready while the pool stops is stopped`() {
        var state = open()
        _ = state.ended(1, .crashed(signal: 9))
        #expect(state.stop().isEmpty == true)
        #expect(state.started(2) == [.stop(place: 2)])
        #expect(state.ended(2, .shutdown) == [.stopped])
    }
}
