import RoostTesting
import Testing

@testable import Roost

@Suite struct WorkQueueStateTests {
    typealias State = WorkQueueState<Int>

    /// What a queue does next, until there is nothing more, in words.
    private func actions(_ state: inout State) -> [String] {
        var words: [String] = []
        while let action = state.next() {
            switch action {
            case .deliver(let assignment, let consumer):
                let marks =
                    (assignment.isRedelivered ? " again" : "") + (assignment.isSuspect ? " alone" : "")
                words.append("\(assignment.job) to \(consumer), attempt \(assignment.attempt)\(marks)")
            case .admitted(let producer): words.append("admitted \(producer)")
            case .refused(let producer): words.append("refused \(producer)")
            case .drained(let number): words.append("drained \(number)")
            case .dead(let job, let failures): words.append("\(job) is dead: \(failures.count)")
            case .ended(let consumer): words.append("ended \(consumer)")
            case .over: words.append("over")
            }
        }
        return words
    }

    private func state(
        jobs: Int = 0, attempts: Int = 3, capacity: Int = 100, consumers: [Int] = []
    ) -> State {
        var state = State(WorkQueueOptions(attempts: attempts, capacity: capacity))
        for (place, window) in consumers.enumerated() {
            state.joined(UInt64(place + 1), named: "c\(place + 1)", window: window)
        }
        for job in 0..<jobs { _ = state.put(job, by: 9) }
        return state
    }

    @Test func `jobs go out in order, and no more than a consumer wants`() {
        var state = state(jobs: 3, consumers: [2])
        #expect(actions(&state) == ["0 to 1, attempt 1", "1 to 1, attempt 1"])
        state.acknowledged(2, by: 1)
        #expect(actions(&state) == ["2 to 1, attempt 1"])
        #expect(state.acknowledged == 1)
    }

    @Test func `a job goes to the consumer that has the fewest, in turn among equals`() {
        var state = state(jobs: 4, consumers: [3, 3])
        #expect(
            actions(&state) == [
                "0 to 2, attempt 1", "1 to 1, attempt 1", "2 to 2, attempt 1", "3 to 1, attempt 1",
            ])
        state.acknowledged(1, by: 2)
        state.acknowledged(2, by: 2)
        for job in 4...6 { #expect(state.put(job, by: 9) == .accepted) }
        #expect(
            actions(&state) == ["4 to 2, attempt 1", "5 to 2, attempt 1", "6 to 1, attempt 1"])
    }

    @Test func `what a dead consumer had comes before what waits, and to others`() {
        var state = state(jobs: 3, consumers: [1, 1])
        #expect(actions(&state) == ["0 to 2, attempt 1", "1 to 1, attempt 1"])
        state.ended(2, .crashed(signal: 9))
        #expect(actions(&state) == [])
        state.acknowledged(1, by: 1)
        #expect(actions(&state) == ["0 to 1, attempt 2 again"])
    }

    @Test func `a job that fails too often is a dead letter with the reasons`() {
        var state = state(jobs: 1, attempts: 3, consumers: [1])
        state.drain(7)
        _ = actions(&state)
        state.failed(1, by: 1, .rejected("first"))
        #expect(actions(&state) == ["0 to 1, attempt 2 again"])
        state.ended(1, .exited(code: 3))
        state.joined(2, named: "c2", window: 1)
        #expect(actions(&state) == ["0 to 2, attempt 3 again"])
        state.failed(1, by: 2, .abandoned)
        guard case .dead(let job, let failures)? = state.next() else {
            Issue.record("the job is not dead")
            return
        }
        #expect(job == 0)
        #expect(
            failures == [
                JobFailure(consumer: "c1", cause: .rejected("first")),
                JobFailure(consumer: "c1", cause: .ended(.exited(code: 3))),
                JobFailure(consumer: "c2", cause: .abandoned),
            ])
        #expect(actions(&state) == ["drained 7"])
    }

    @Test func `a job that is not to be retried is dead at once`() {
        var state = state(jobs: 1, consumers: [1])
        _ = actions(&state)
        state.failed(1, by: 1, .rejected("bad"), isRetried: false)
        #expect(actions(&state) == ["0 is dead: 1"])
    }

    @Test func `of several jobs none counts as tried until it is known which was begun`() {
        var state = state(jobs: 3, consumers: [3])
        _ = actions(&state)
        state.ended(1, .crashed(signal: 11))
        state.joined(2, named: "c2", window: 3)
        #expect(
            actions(&state) == [
                "0 to 2, attempt 1 again alone", "1 to 2, attempt 1 again alone",
                "2 to 2, attempt 1 again alone",
            ])
        state.begun(1, by: 2)
        state.acknowledged(1, by: 2)
        state.begun(2, by: 2)
        state.ended(2, .crashed(signal: 11))
        state.joined(3, named: "c3", window: 3)
        #expect(actions(&state) == ["1 to 3, attempt 2 again alone", "2 to 3, attempt 1 again alone"])
    }

    @Test func `a consumer that was shut down fails at nothing`() {
        var state = state(jobs: 1, attempts: 1, consumers: [1, 1])
        _ = actions(&state)
        state.ended(2, .shutdown)
        #expect(actions(&state) == ["0 to 1, attempt 1 again"])
    }

    @Test func `a consumer that leaves gives back what it has not begun, and settles the rest`() {
        var state = state(jobs: 4, consumers: [3])
        _ = actions(&state)
        state.leaving(1, after: 1)
        #expect(state.waiting == 3)
        state.joined(2, named: "c2", window: 4)
        #expect(
            actions(&state) == [
                "1 to 2, attempt 1 again", "2 to 2, attempt 1 again", "3 to 2, attempt 1",
            ])
        state.acknowledged(1, by: 1)
        #expect(actions(&state) == [])
        #expect(state.acknowledged == 1)
    }

    @Test func `puts beyond the capacity wait in turn`() {
        var state = state(capacity: 1)
        #expect(state.put(0, by: 10) == .accepted)
        #expect(state.put(1, by: 11) == .waits)
        #expect(state.put(2, by: 12) == .waits)
        #expect(actions(&state) == [])
        state.joined(1, named: "c1", window: 1)
        #expect(actions(&state) == ["0 to 1, attempt 1", "admitted 11"])
        state.producerEnded(12)
        state.acknowledged(1, by: 1)
        #expect(actions(&state) == ["1 to 1, attempt 1"])
    }

    @Test func `a finished queue refuses puts and ends its consumers when all is settled`() {
        var state = state(jobs: 1, capacity: 1)
        #expect(state.put(1, by: 10) == .waits)
        state.finish()
        #expect(actions(&state) == ["refused 10"])
        #expect(state.put(2, by: 11) == .refused)
        state.joined(1, named: "c1", window: 1)
        #expect(actions(&state) == ["0 to 1, attempt 1"])
        state.acknowledged(1, by: 1)
        #expect(actions(&state) == ["ended 1", "over"])
        state.joined(2, named: "c2", window: 1)
        #expect(actions(&state) == ["ended 2"])
    }

    @Test func `a drain waits for what was put before it and for nothing else`() {
        var state = state(jobs: 2, consumers: [3])
        state.drain(1)
        _ = state.put(2, by: 9)
        state.drain(2)
        state.drain(3)
        state.drainWithdrawn(3)
        _ = actions(&state)
        state.acknowledged(3, by: 1)
        state.acknowledged(2, by: 1)
        #expect(actions(&state) == [])
        state.acknowledged(1, by: 1)
        #expect(actions(&state) == ["drained 1", "drained 2"])
        state.drain(4)
        #expect(actions(&state) == ["drained 4"])
    }

    @Test func `what comes from nobody, or twice, changes nothing`() {
        var state = state(jobs: 1, consumers: [1])
        _ = actions(&state)
        state.acknowledged(1, by: 1)
        state.acknowledged(1, by: 1)
        state.failed(1, by: 1, .abandoned)
        state.givenBack(1, by: 2)
        state.begun(5, by: 3)
        state.leaving(4, after: 0)
        state.ended(5, nil)
        #expect(actions(&state) == [])
        #expect(state.status.acknowledged == 1)
        #expect(state.unsettled == 0)
    }

    @Test func `after any four steps everything holds`() {
        var faults: Set<String> = []
        var count = 0
        func walk(_ model: WorkQueueModel, _ depth: Int) {
            for step in WorkQueueStep.allCases {
                var next = model
                next.take(step)
                count += 1
                faults.formUnion(next.faults)
                if depth > 1 && next.faults.isEmpty { walk(next, depth - 1) }
            }
        }
        var start = WorkQueueModel(WorkQueueOptions(attempts: 2, capacity: 1))
        for step in [WorkQueueStep.put, .put, .joinWide] { start.take(step) }
        walk(start, 4)
        walk(WorkQueueModel(WorkQueueOptions(attempts: 2, capacity: 1)), 4)
        #expect(faults.isEmpty)
        #expect(count > 75_000)
    }

    @Test(arguments: 1...20)
    func `each job is settled exactly once, whatever happens`(seed: UInt64) {
        let random = SeededGenerator(seed: seed)
        func draw(_ range: Range<Int>) -> Int {
            var generator = random
            return Int.random(in: range, using: &generator)
        }
        var model = WorkQueueModel(
            WorkQueueOptions(attempts: draw(1..<4), capacity: draw(1..<20)))
        let steps = WorkQueueStep.allCases.filter { $0 != .finish } + [.put, .put, .put, .join, .joinWide]
        for _ in 0..<1_000 { model.take(steps[draw(0..<steps.count)], choice: draw(0..<1_000)) }
        model.take(.finish)
        model.take(.joinWide)
        while model.hasLeases { model.take(.acknowledgeFirst, choice: draw(0..<1_000)) }
        #expect(model.faults.isEmpty)
        #expect(model.isOver)
        #expect(model.unsettled.isEmpty)
        #expect(Set(model.acknowledged + model.dead).count == model.acknowledged.count + model.dead.count)
    }

    @Test(arguments: [ConsumerWord.hello, .acknowledge(1), .abandon(2), .giveBack(3), .begin(4), .leave(5)])
    func `a word of a consumer is a number`(word: ConsumerWord) {
        #expect(ConsumerWord(word.word) == word)
    }

    @Test func `a number that is no word means nothing`() {
        #expect(ConsumerWord(6) == nil)
        #expect(ConsumerWord(7) == nil)
    }

    @Test func `small jobs travel together and others alone`() {
        #expect(jobsTogether(Int.self) == 64)
        #expect(jobsTogether(String.self) == 1)
        #expect(jobsTogether([UInt8].self) == 1)
    }

    @Test func `a queue of a first in, first out keeps its order over many`() {
        var fifo = FirstInFirstOut<Int>()
        var next = 0
        for number in 0..<10_000 {
            fifo.append(number)
            if number % 3 != 0, let first = fifo.popFirst() {
                #expect(first == next)
                next += 1
            }
        }
        fifo.removeAll { !$0.isMultiple(of: 2) }
        while let first = fifo.popFirst() {
            #expect(first == next)
            next += 2
        }
        #expect(fifo.isEmpty)
    }

    @Test func `the newest dead letters are kept, and each reader finds its place`() {
        var log = DeadLetterLog<Int>(limit: 3)
        for letter in 0..<10 { log.append(letter) }
        #expect(log.letter(from: 0)?.number == 7)
        #expect(log.letter(from: 8)?.letter == 8)
        #expect(log.letter(from: 10) == nil)
        log.append(10)
        #expect(log.letter(from: 10)?.letter == 10)
        #expect(log.letter(from: 0)?.letter == 8)
    }
}
