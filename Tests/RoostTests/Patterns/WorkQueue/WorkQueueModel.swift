@testable import Roost

/// What may happen to a work queue.
enum WorkQueueStep: Sendable, CaseIterable {
    case put, join, joinWide, acknowledgeFirst, acknowledgeLast, reject, giveUp, giveBack, begin, leave, crash
    case finishSession, drain, finish
}

/// A queue's state, and what must be true of it whatever happens.
struct WorkQueueModel {
    var machine: WorkQueueState<Int>
    private var lastJob = 0
    private var lastNumber: UInt64 = 0
    /// Jobs that were accepted and are not settled.
    private(set) var unsettled: Set<Int> = []
    private(set) var acknowledged: [Int] = []
    private(set) var dead: [Int] = []
    /// What each consumer has, in the order given, and how many it may have.
    private(set) var leases: [UInt64: [(lease: UInt64, job: Int)]] = [:]
    private var windows: [UInt64: Int] = [:]
    private var offered: [UInt64: Int] = [:]
    private var drains: [UInt64: Set<Int>] = [:]
    private(set) var ended: Set<UInt64> = []
    private(set) var refused = 0
    private(set) var isOver = false
    private(set) var faults: [String] = []

    init(_ options: WorkQueueOptions) {
        machine = WorkQueueState(options)
    }

    var hasLeases: Bool { leases.contains { !$0.value.isEmpty } }

    /// Takes a step, for the consumer that `choice` picks, and looks whether everything holds.
    mutating func take(_ step: WorkQueueStep, choice: Int = 0) {
        let holders = leases.keys.filter { !leases[$0, default: []].isEmpty }.sorted()
        let consumer = windows.keys.sorted().at(choice)
        let holder = holders.at(choice)
        switch step {
        case .put: put()
        case .join, .joinWide:
            lastNumber += 1
            windows[lastNumber] = step == .join ? 1 : 3
            machine.joined(lastNumber, named: "consumer \(lastNumber)", window: step == .join ? 1 : 3)
        case .acknowledgeFirst, .acknowledgeLast:
            guard let holder, let taken = remove(from: holder, last: step == .acknowledgeLast) else { return }
            acknowledged.append(taken.job)
            settle(taken.job)
            machine.acknowledged(taken.lease, by: holder)
        case .reject, .giveUp:
            guard let holder, let taken = remove(from: holder, last: false) else { return }
            machine.failed(taken.lease, by: holder, .rejected("no"), isRetried: step == .reject)
        case .giveBack:
            guard let holder, let taken = remove(from: holder, last: true) else { return }
            machine.givenBack(taken.lease, by: holder)
        case .begin:
            guard let holder, let lease = leases[holder]?.first?.lease else { return }
            machine.begun(lease, by: holder)
        case .leave:
            guard let consumer else { return }
            windows[consumer] = 0
            let first = leases[consumer]?.first?.lease ?? 0
            leases[consumer]?.removeAll { $0.lease > first }
            machine.leaving(consumer, after: first)
        case .crash, .finishSession:
            guard let consumer else { return }
            windows[consumer] = nil
            leases[consumer] = nil
            machine.ended(consumer, step == .crash ? .crashed(signal: 9) : nil)
        case .drain:
            lastNumber += 1
            drains[lastNumber] = unsettled
            machine.drain(lastNumber)
        case .finish: machine.finish()
        }
        perform()
        check()
    }

    private mutating func put() {
        lastJob += 1
        lastNumber += 1
        switch machine.put(lastJob, by: lastNumber) {
        case .accepted: unsettled.insert(lastJob)
        case .waits:
            offered[lastNumber] = lastJob
            if machine.waiting < machine.options.capacity && offered.count == 1 {
                faults.append("a put waits beside free room")
            }
        case .refused:
            refused += 1
            if !machine.isFinished { faults.append("a put was refused by a queue that is not finished") }
        }
    }

    private mutating func remove(from consumer: UInt64, last: Bool) -> (lease: UInt64, job: Int)? {
        last ? leases[consumer]?.popLast() : leases[consumer]?.removeFirst()
    }

    private mutating func settle(_ job: Int) {
        if unsettled.remove(job) == nil { faults.append("job \(job) is settled twice") }
        for drain in drains.keys { drains[drain]?.remove(job) }
    }

    private mutating func perform() {
        while let action = machine.next() {
            switch action {
            case .deliver(let assignment, let consumer): delivered(assignment, to: consumer)
            case .admitted(let producer):
                guard let job = offered.removeValue(forKey: producer) else {
                    faults.append("a put was answered twice")
                    continue
                }
                unsettled.insert(job)
            case .refused(let producer):
                if offered.removeValue(forKey: producer) == nil { faults.append("a put was answered twice") }
                refused += 1
            case .drained(let drain):
                guard let left = drains.removeValue(forKey: drain) else {
                    faults.append("a drain was answered twice")
                    continue
                }
                if !left.isEmpty { faults.append("drained with \(left) unsettled") }
            case .dead(let job, let failures):
                dead.append(job)
                if failures.count > machine.options.attempts { faults.append("tried too often") }
                settle(job)
            case .ended(let consumer): ended.insert(consumer)
            case .over: isOver = true
            }
        }
    }

    private mutating func delivered(_ assignment: WorkQueueState<Int>.Assignment, to consumer: UInt64) {
        let job = assignment.job
        if !unsettled.contains(job) { faults.append("job \(job) is given out and not there") }
        if leases.values.contains(where: { $0.contains { $0.job == job } }) {
            faults.append("job \(job) is leased twice")
        }
        if assignment.attempt > machine.options.attempts { faults.append("one attempt too many") }
        leases[consumer, default: []].append((assignment.lease, job))
        if leases[consumer, default: []].count > windows[consumer] ?? 0 {
            faults.append("consumer \(consumer) has more than it wants")
        }
    }

    private mutating func check() {
        for (drain, left) in drains where left.isEmpty { faults.append("drain \(drain) waits for nothing") }
        if machine.unsettled != unsettled.count { faults.append("\(machine.unsettled) of \(unsettled)") }
        if machine.leased != leases.values.reduce(0, { $0 + $1.count }) { faults.append("leases miscounted") }
        let hasRoom = windows.contains { leases[$0.key, default: []].count < $0.value }
        if hasRoom && machine.waiting > 0 { faults.append("jobs wait, and a consumer has nothing to do") }
        if !offered.isEmpty && machine.waiting < machine.options.capacity {
            faults.append("a put waits beside free room")
        }
        if isOver != (machine.isFinished && unsettled.isEmpty) { faults.append("over, or not") }
        if isOver && !Set(windows.keys).isSubset(of: ended) { faults.append("a consumer was not told") }
        if acknowledged.count + dead.count != machine.acknowledged + machine.dead {
            faults.append("settled jobs miscounted")
        }
    }
}

extension Array {
    /// The element that a choice picks, any number.
    fileprivate func at(_ choice: Int) -> Element? { isEmpty ? nil : self[choice % count] }
}
