import RoostTesting
import Testing

@testable import Roost

@Suite struct MailboxStateTests {
    // MARK: By example

    @Test func `the first message wakes the server and the rest wait their turn`() {
        var mailbox = MailboxState<Int>()
        #expect(!mailbox.isReady)
        #expect(mailbox.arrived(1, level: 0).kind == .wake)
        #expect(mailbox.isReady)
        // Until the server has come, each message may be the one it is woken for.
        #expect(mailbox.arrived(2, level: 0).kind == .wake)
        #expect(mailbox.next() == 1)
        #expect(!mailbox.isReady)
        #expect(mailbox.arrived(3, level: 0).kind == .queued)
        #expect(mailbox.count == 2)
        #expect(mailbox.next() == 2)
        #expect(mailbox.next() == 3)
        #expect(mailbox.next() == nil)
        #expect(mailbox.running == [] && !mailbox.isReady)
        #expect(mailbox.arrived(4, level: 0).kind == .wake)
    }

    @Test func `a call on behalf of the message under way is served at once`() {
        var mailbox = serving(1)
        _ = mailbox.arrived(2, level: 0)
        #expect(mailbox.arrived(3, level: 1).kind == .nested(3, level: 2))
        #expect(mailbox.running == [1, 2])
        #expect(mailbox.nestedEnded(level: 2).kind == .nothing)
        #expect(mailbox.running == [1])
        #expect(mailbox.next() == 2)
    }

    @Test func `several calls on behalf of one message queue among themselves`() {
        var mailbox = serving(1)
        #expect(mailbox.arrived(2, level: 1).kind == .nested(2, level: 2))
        #expect(mailbox.arrived(3, level: 1).kind == .queued)
        #expect(mailbox.arrived(4, level: 1).kind == .queued)
        #expect(mailbox.nestedEnded(level: 2).kind == .serve(3, level: 2))
        #expect(mailbox.running == [1, 2])
        #expect(mailbox.nestedEnded(level: 2).kind == .serve(4, level: 2))
        #expect(mailbox.nestedEnded(level: 2).kind == .nothing)
        #expect(mailbox.running == [1])
    }

    @Test func `a queued sibling waits until what is above it has ended`() {
        var mailbox = serving(1)
        _ = mailbox.arrived(2, level: 1)
        #expect(mailbox.arrived(3, level: 2).kind == .nested(3, level: 3))
        #expect(mailbox.arrived(4, level: 1).kind == .queued)
        #expect(mailbox.arrived(5, level: 2).kind == .queued)
        #expect(mailbox.nestedEnded(level: 3).kind == .serve(5, level: 3))
        #expect(mailbox.nestedEnded(level: 3).kind == .nothing)
        #expect(mailbox.running == [1, 2])
        #expect(mailbox.nestedEnded(level: 2).kind == .serve(4, level: 2))
    }

    @Test func `recursion through the actor is never blocked, however deep`() {
        // Far deeper than the longest path a message can have.
        var mailbox = serving(0)
        for level in 1...2_000 {
            #expect(mailbox.arrived(level, level: level).kind == .nested(level, level: level + 1))
        }
        #expect(mailbox.running == Array(1...2_001))
        for level in (1...2_000).reversed() {
            #expect(mailbox.nestedEnded(level: level + 1).kind == .nothing)
        }
        #expect(mailbox.running == [1])
    }

    @Test func `a call whose message is no longer under way waits like any other`() {
        var mailbox = serving(1)
        #expect(mailbox.arrived(2, level: 0).kind == .queued)
        #expect(mailbox.arrived(3, level: 2).kind == .queued)
        #expect(mailbox.next() == 2)
        #expect(mailbox.next() == 3)
        #expect(mailbox.next() == nil)
        #expect(mailbox.arrived(4, level: 7).kind == .wake)
        #expect(mailbox.next() == 4)
    }

    @Test func `closing returns all that waited, once, and refuses what comes later`() {
        var mailbox = serving(1)
        for number in 2...5 { _ = mailbox.arrived(number, level: 0) }
        #expect(mailbox.close() == [2, 3, 4, 5])
        #expect(mailbox.isClosed && mailbox.count == 0 && !mailbox.isReady)
        #expect(mailbox.close() == [])
        #expect(mailbox.arrived(6, level: 0).kind == .refused(6))
        #expect(mailbox.arrived(7, level: 2).kind == .refused(7))
        #expect(mailbox.next() == nil)
        // Now there is the end to see to.
        #expect(mailbox.isReady && mailbox.takeLeft() == [])
        #expect(mailbox.arrived(8, level: 1).kind == .refused(8))
    }

    @Test func `closing before the server has come returns the message it was woken for`() {
        var mailbox = MailboxState<Int>()
        _ = mailbox.arrived(1, level: 0)
        #expect(mailbox.close() == [1])
        #expect(mailbox.next() == nil)
        #expect(mailbox.running == [] && mailbox.isReady)
    }

    @Test func `calls on behalf of the message under way are served after closing too`() {
        var mailbox = serving(1)
        _ = mailbox.close()
        #expect(mailbox.arrived(2, level: 1).kind == .nested(2, level: 2))
        #expect(mailbox.arrived(3, level: 1).kind == .queued)
        #expect(mailbox.nestedEnded(level: 2).kind == .serve(3, level: 2))
        #expect(mailbox.nestedEnded(level: 2).kind == .nothing)
        #expect(mailbox.next() == nil)
        #expect(mailbox.isReady && mailbox.takeLeft() == [])
    }

    @Test func `waiting messages can be taken out, those being served cannot`() {
        var mailbox = serving(1)
        for number in 2...4 { _ = mailbox.arrived(number, level: 0) }
        for number in 5...7 { _ = mailbox.arrived(number, level: 1) }
        #expect(Set(mailbox.remove { [1, 3, 5, 6].contains($0) }) == [3, 6])
        #expect(mailbox.remove { $0 == 3 } == [])
        #expect(mailbox.count == 3)
        #expect(mailbox.nestedEnded(level: 2).kind == .serve(7, level: 2))
        #expect(mailbox.nestedEnded(level: 2).kind == .nothing)
        #expect(mailbox.next() == 2)
        #expect(mailbox.next() == 4)
        #expect(mailbox.next() == nil)
    }

    // MARK: A message that ends before the calls made on its behalf

    @Test func `a call left behind ends before another message is begun`() {
        var mailbox = serving(1)
        _ = mailbox.arrived(2, level: 1)
        _ = mailbox.arrived(3, level: 0)
        // Message 1 ends without waiting for 2.
        #expect(mailbox.next() == nil)
        #expect(mailbox.running == [2] && !mailbox.isReady)
        #expect(mailbox.arrived(4, level: 1).kind == .queued)
        #expect(mailbox.nestedEnded(level: 2).kind == .wakeServer)
        #expect(mailbox.next() == 3)
        #expect(mailbox.running == [1])
        #expect(mailbox.next() == 4)
    }

    @Test func `queued calls left behind by their message come before what arrived for later`() {
        var mailbox = serving(1)
        _ = mailbox.arrived(2, level: 0)
        for number in 3...5 { _ = mailbox.arrived(number, level: 1) }
        // Message 1 ends without waiting for 3, and so for 4 and 5.
        #expect(mailbox.next() == nil)
        #expect(mailbox.nestedEnded(level: 2).kind == .wakeServer)
        #expect(mailbox.next() == 4)
        #expect(mailbox.next() == 5)
        #expect(mailbox.next() == 2)
    }

    @Test func `a call left behind may itself be called on behalf of`() {
        var mailbox = serving(1)
        _ = mailbox.arrived(2, level: 1)
        #expect(mailbox.next() == nil)
        #expect(mailbox.arrived(3, level: 2).kind == .nested(3, level: 3))
        #expect(mailbox.arrived(4, level: 2).kind == .queued)
        #expect(mailbox.nestedEnded(level: 3).kind == .serve(4, level: 3))
        #expect(mailbox.nestedEnded(level: 3).kind == .nothing)
        #expect(mailbox.nestedEnded(level: 2).kind == .nothing)
        #expect(mailbox.running == [] && !mailbox.isReady)
    }

    @Test func `a message that ends below others leaves those under way and gives up those that queue`() {
        var mailbox = serving(1)
        _ = mailbox.arrived(2, level: 1)
        _ = mailbox.arrived(3, level: 2)
        _ = mailbox.arrived(4, level: 2)
        _ = mailbox.arrived(5, level: 1)
        // Message 2 ends without waiting for 3, and so for 4.
        #expect(mailbox.nestedEnded(level: 2).kind == .nothing)
        #expect(mailbox.running == [1, 3])
        #expect(mailbox.arrived(6, level: 2).kind == .queued)
        // 5 is next on behalf of 1; the others wait like any other.
        #expect(mailbox.nestedEnded(level: 3).kind == .serve(5, level: 2))
        #expect(mailbox.nestedEnded(level: 2).kind == .nothing)
        #expect(mailbox.next() == 4)
        #expect(mailbox.next() == 6)
    }

    @Test func `calls left behind after closing are not lost`() {
        var mailbox = serving(1)
        _ = mailbox.arrived(2, level: 1)
        _ = mailbox.arrived(3, level: 1)
        #expect(mailbox.close() == [])
        // Message 1 ends without waiting for 2, and so for 3.
        #expect(mailbox.next() == nil)
        #expect(!mailbox.isReady && mailbox.count == 1)
        #expect(mailbox.nestedEnded(level: 2).kind == .wakeServer)
        #expect(mailbox.next() == nil)
        #expect(mailbox.isReady && mailbox.takeLeft() == [3])
        #expect(mailbox.count == 0 && mailbox.takeLeft() == [])
    }

    @Test func `the end comes once the last call left behind has ended`() {
        var mailbox = serving(1)
        _ = mailbox.arrived(2, level: 1)
        _ = mailbox.arrived(3, level: 2)
        _ = mailbox.close()
        #expect(mailbox.next() == nil)
        #expect(mailbox.nestedEnded(level: 2).kind == .nothing)
        #expect(!mailbox.isReady)
        #expect(mailbox.nestedEnded(level: 3).kind == .wakeServer)
        #expect(mailbox.isReady)
    }

    @Test func `a call left behind does not let a later message serve two at once`() {
        var mailbox = serving(1)
        _ = mailbox.arrived(2, level: 1)
        _ = mailbox.arrived(3, level: 0)
        #expect(mailbox.next() == nil)
        // 2, which was made for 1, ends only now.
        #expect(mailbox.nestedEnded(level: 2).kind == .wakeServer)
        #expect(mailbox.next() == 3)
        #expect(mailbox.arrived(4, level: 1).kind == .nested(4, level: 2))
        #expect(mailbox.arrived(5, level: 1).kind == .queued)
        #expect(mailbox.running == [1, 2])
    }

    // MARK: Reentrant

    @Test func `a reentrant mailbox begins the next message when the one before has been begun`() {
        var mailbox = MailboxState<Int>(.reentrant)
        #expect(mailbox.arrived(1, level: 0).kind == .wake)
        #expect(mailbox.next() == 1)
        #expect(mailbox.arrived(2, level: 0).kind == .queued)
        #expect(mailbox.arrived(3, level: 1).kind == .queued)
        #expect(!mailbox.isReady && mailbox.count == 2)
        #expect(mailbox.next() == 2)
        #expect(mailbox.ended() == false)
        #expect(mailbox.next() == 3)
        #expect(mailbox.next() == nil)
        #expect(mailbox.underWay == 2 && mailbox.isServing)
        #expect(mailbox.arrived(4, level: 0).kind == .wake)
        #expect(mailbox.isReady)
        #expect(mailbox.next() == 4)
    }

    @Test func `a closed reentrant mailbox waits for what is under way and takes calls back only`() {
        var mailbox = MailboxState<Int>(.reentrant)
        for number in 1...4 { _ = mailbox.arrived(number, level: 0) }
        #expect(mailbox.next() == 1)
        #expect(mailbox.next() == 2)
        #expect(mailbox.next() == 3)
        #expect(mailbox.close() == [4])
        #expect(mailbox.next() == nil)
        #expect(!mailbox.isReady)
        #expect(mailbox.arrived(5, level: 0).kind == .refused(5))
        #expect(mailbox.arrived(6, level: 1).kind == .wake)
        #expect(mailbox.next() == 6)
        #expect(mailbox.next() == nil)
        for _ in 1...3 { #expect(mailbox.ended() == false) }
        #expect(mailbox.ended() == true)
        #expect(mailbox.isReady)
        #expect(mailbox.next() == nil)
        #expect(mailbox.takeLeft() == [])
        #expect(mailbox.arrived(7, level: 1).kind == .refused(7))
    }

    @Test func `a call back whose message has ended is left when a reentrant mailbox is closed`() {
        var mailbox = MailboxState<Int>(.reentrant)
        _ = mailbox.arrived(1, level: 0)
        #expect(mailbox.next() == 1)
        _ = mailbox.close()
        #expect(mailbox.arrived(2, level: 1).kind == .queued)
        // Message 1 ends while it is being begun: the server looks for itself.
        #expect(mailbox.ended() == false)
        #expect(mailbox.next() == nil)
        #expect(mailbox.isReady)
        #expect(mailbox.takeLeft() == [2])
    }

    // MARK: Against a model

    @Test func `every sequence of six events keeps the promises`() {
        var count = 0
        func explore(_ simulation: Simulation, depth: Int) {
            count += 1
            guard depth < 6 else {
                var simulation = simulation
                return simulation.finish()
            }
            for event in simulation.possibleEvents {
                var next = simulation
                next.apply(event)
                explore(next, depth: depth + 1)
            }
        }
        explore(Simulation(), depth: 0)
        #expect(count > 10_000)
    }

    @Test(arguments: [1, 2, 3, 4, 5]) func `random events keep the promises`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var simulation = Simulation()
        var greatestHeight = 0
        for step in 0..<10_000 {
            // Closing is for ever, so it comes near the end; taking out is rare, so that queues grow.
            let mayRemove = Int.random(in: 0..<20, using: &random) == 0
            let events = simulation.possibleEvents.filter {
                $0 != .close && ($0 != .remove || mayRemove)
            }
            guard let event = events.randomElement(using: &random) else { continue }
            simulation.apply(step == 9_900 ? .close : event)
            greatestHeight = max(greatestHeight, simulation.height)
        }
        simulation.finish()
        #expect(greatestHeight >= 5)
    }

    @Test(arguments: [11, 12, 13, 14, 15])
    func `no message is lost or served twice, in whatever order they end`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var driver = Driver()
        for message in 0..<10_000 {
            if message == 9_900 && seed % 2 == 0 { driver.close() }
            driver.arrives(message, level: Int.random(in: 0...3, using: &random))
            for _ in 0..<Int.random(in: 0...3, using: &random) { driver.goesOn(using: &random) }
            if message % 100 == 0 { driver.remove { $0 % 7 == 0 } }
        }
        while driver.canGoOn { driver.goesOn(using: &random) }
        #expect(driver.seen.count == 10_000)
        #expect(driver.mailbox.count == 0 && driver.mailbox.running == [])
    }

    private func serving(_ message: Int) -> MailboxState<Int> {
        var mailbox = MailboxState<Int>()
        _ = mailbox.arrived(message, level: 0)
        #expect(mailbox.next() == message)
        return mailbox
    }
}

extension MailboxState<Int>.ArrivedAction {
    fileprivate enum Kind: Equatable {
        case wake, queued
        case nested(Int, level: Int)
        case refused(Int)
    }

    fileprivate var kind: Kind {
        switch self {
        case .wakeServer: .wake
        case .queued: .queued
        case .serveNested(let message, let level): .nested(message, level: level)
        case .refused(let message): .refused(message)
        }
    }
}

extension MailboxState<Int>.NestedEndedAction {
    fileprivate enum Kind: Equatable {
        case serve(Int, level: Int)
        case wakeServer, nothing
    }

    fileprivate var kind: Kind {
        switch self {
        case .serve(let message, let level): .serve(message, level: level)
        case .wakeServer: .wakeServer
        case .nothing: .nothing
        }
    }
}

/// Does what a mailbox says, ends messages in any order, and knows nothing of how the mailbox decides.
private struct Driver {
    var mailbox = MailboxState<Int>()
    private(set) var seen: Set<Int> = []
    private var underWay: [Int] = []
    private var isWoken = false

    var canGoOn: Bool { isWoken || !underWay.isEmpty }

    mutating func arrives(_ message: Int, level: Int) {
        switch mailbox.arrived(message, level: level).kind {
        case .wake: isWoken = true
        case .nested(let message, let newLevel):
            // Only ever on behalf of the one under way that waits for nothing else.
            #expect(newLevel == level + 1 && underWay.max() == level)
            begin(message, newLevel)
        case .refused(let message): see(message)
        case .queued: break
        }
    }

    /// The server comes if it was woken, or one of the messages under way ends.
    mutating func goesOn(using random: inout SeededGenerator) {
        if isWoken && Bool.random(using: &random) {
            isWoken = false
            return serverContinues()
        }
        guard let index = underWay.indices.randomElement(using: &random) else { return }
        let level = underWay.remove(at: index)
        if level == 1 { return serverContinues() }
        switch mailbox.nestedEnded(level: level).kind {
        case .serve(let message, let newLevel):
            #expect(underWay.max() == newLevel - 1)
            begin(message, newLevel)
        case .wakeServer: isWoken = true
        case .nothing: break
        }
    }

    mutating func remove(where condition: (Int) -> Bool) {
        for message in mailbox.remove(where: condition) { see(message) }
    }

    mutating func close() {
        for message in mailbox.close() { see(message) }
        isWoken = !underWay.contains(1)
    }

    private mutating func serverContinues() {
        if let message = mailbox.next() {
            #expect(underWay.isEmpty)
            begin(message, 1)
        } else if mailbox.isReady {
            for message in mailbox.takeLeft() { see(message) }
        }
    }

    private mutating func begin(_ message: Int, _ level: Int) {
        underWay.append(level)
        see(message)
    }

    private mutating func see(_ message: Int) {
        #expect(seen.insert(message).inserted, "message \(message) came to two ends")
    }
}

/// A mailbox with senders and a server that keep to the rules, and a naive account of what must happen.
///
/// A message may end at any time, also before the calls made on its behalf.
private struct Simulation {
    enum Event: Hashable {
        case arrive(level: Int)
        case serverComes
        case ends(level: Int)
        case remove
        case close
    }

    private struct Served {
        let level: Int
        /// The calls on its behalf that wait for another such.
        var queue: [Int] = []
    }

    private var mailbox = MailboxState<Int>()
    private var nextMessage = 1
    /// In the order they will be begun, those that wait for nothing under way.
    private var line: [Int] = []
    /// The lowest level first.
    private var underWay: [Served] = []
    private var isWoken = false
    private var isClosed = false
    private var settled: Set<Int> = []
    private var history: [Event] = []

    var height: Int { underWay.last?.level ?? 0 }

    private var isReady: Bool { underWay.isEmpty && (isClosed || !line.isEmpty) }

    var possibleEvents: [Event] {
        var events = (0...min(height + 1, 6)).map { Event.arrive(level: $0) }
        if isWoken { events.append(.serverComes) }
        events += underWay.map { .ends(level: $0.level) }
        events.append(.remove)
        if !isClosed { events.append(.close) }
        return events
    }

    mutating func apply(_ event: Event) {
        history.append(event)
        switch event {
        case .arrive(let level): arrive(level)
        case .serverComes:
            isWoken = false
            serverContinues()
        case .ends(let level): end(level)
        case .remove: remove()
        case .close: close()
        }
        check(mailbox.running == underWay.map(\.level), "running")
        check(mailbox.count == line.count + underWay.reduce(0) { $0 + $1.queue.count }, "count")
        check(mailbox.isClosed == isClosed, "isClosed")
        check(mailbox.isReady == isReady, "isReady")
        // Nobody waits for a server that sleeps.
        check(line.isEmpty || isWoken || !underWay.isEmpty, "the server was not woken")
    }

    /// Ends everything; all that arrived must have come to exactly one end.
    mutating func finish() {
        while isWoken || !underWay.isEmpty {
            apply(underWay.first.map { .ends(level: $0.level) } ?? .serverComes)
        }
        check(settled.count == nextMessage - 1, "lost")
        check(mailbox.count == 0 && line.isEmpty, "left")
    }

    private mutating func arrive(_ level: Int) {
        let message = nextMessage
        nextMessage += 1
        let kind = mailbox.arrived(message, level: level).kind
        if let index = underWay.firstIndex(where: { $0.level == level }) {
            if level == height {
                check(kind == .nested(message, level: level + 1), "\(kind)")
                begin(message, level: level + 1)
            } else {
                check(kind == .queued, "\(kind)")
                underWay[index].queue.append(message)
            }
        } else if isClosed {
            check(kind == .refused(message), "\(kind)")
            settle(message)
        } else {
            check(kind == (underWay.isEmpty ? .wake : .queued), "\(kind)")
            isWoken = isWoken || kind == .wake
            line.append(message)
        }
    }

    private mutating func serverContinues() {
        let expected = underWay.isEmpty && !line.isEmpty ? line.removeFirst() : nil
        let next = isClosed ? nil : expected
        check(mailbox.next() == next, "next")
        if let next { return begin(next, level: 1) }
        if let expected { line.insert(expected, at: 0) }
        guard isReady else { return }
        check(mailbox.takeLeft() == line, "takeLeft")
        for message in line { settle(message) }
        line = []
    }

    private mutating func end(_ level: Int) {
        guard let index = underWay.firstIndex(where: { $0.level == level }) else { return }
        // What waited for this message's sake waits for nothing any more, before those who came for later.
        line = underWay.remove(at: index).queue + line
        if level == 1 { return serverContinues() }
        let kind = mailbox.nestedEnded(level: level).kind
        if let top = underWay.indices.last, let next = underWay[top].queue.first {
            underWay[top].queue.removeFirst()
            check(kind == .serve(next, level: height + 1), "\(kind)")
            begin(next, level: height + 1)
        } else {
            check(kind == (isReady ? .wakeServer : .nothing), "\(kind)")
            isWoken = isWoken || kind == .wakeServer
        }
    }

    private mutating func remove() {
        let condition = { (message: Int) in message % 2 == 0 }
        var expected = line.filter(condition)
        line.removeAll(where: condition)
        for index in underWay.indices {
            expected += underWay[index].queue.filter(condition)
            underWay[index].queue.removeAll(where: condition)
        }
        let removed = mailbox.remove(where: condition)
        check(removed.count == expected.count && Set(removed) == Set(expected), "remove")
        for message in removed { settle(message) }
    }

    private mutating func close() {
        isClosed = true
        check(mailbox.close() == line, "close")
        for message in line { settle(message) }
        line = []
        // Whoever closes wakes a server that waits.
        if underWay.first?.level != 1 { isWoken = true }
    }

    private mutating func begin(_ message: Int, level: Int) {
        check(level == height + 1, "begun on behalf of none")
        underWay.append(Served(level: level))
        settle(message)
    }

    private mutating func settle(_ message: Int) {
        check(settled.insert(message).inserted, "message \(message) came to two ends")
    }

    // Not `#expect`, which takes too long for millions of checks.
    private func check(
        _ isRight: Bool, _ text: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard !isRight else { return }
        Issue.record("\(text()), after \(history.suffix(20))", sourceLocation: sourceLocation)
    }
}
