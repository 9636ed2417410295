import Glibc
import RoostPlatform
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct EventLoopTests {
    /// Calls a closure when its descriptor is ready.
    private final class Handler: EventHandler {
        var onReady: (Readiness) -> Void = { _ in }
        func ready(_ readiness: Readiness) { onReady(readiness) }
    }

    // MARK: Work handed in

    @Test func `work is run in the order it was handed in, on the loop's thread`() throws {
        let loop = try EventLoop()
        let log = Log<Int>()
        for number in 0..<1_000 {
            #expect(loop.perform { log.add(loop.isCurrent ? number : -1) })
        }
        loop.stop()
        #expect(!loop.isCurrent)
        loop.run()
        #expect(log.entries == Array(0..<1_000))
    }

    @Test(arguments: [false, true]) func `each thread's work is run in its order`(_ spins: Bool) throws {
        let loop = try EventLoop(spins: spins)
        let log = Log<(thread: Int, number: Int)>()
        let (threads, each) = (4, 2_500)
        for thread in 0..<threads {
            try RuntimeThread.start(named: "poster") {
                for number in 0..<each {
                    loop.perform {
                        loop.expectInput()
                        if log.count(adding: (thread, number)) == threads * each { loop.stop() }
                    }
                }
            }
        }
        loop.run()
        for thread in 0..<threads {
            #expect(log.entries.filter { $0.thread == thread }.map(\.number) == Array(0..<each))
        }
    }

    @Test func `work handed in by work is run too, after what was there`() throws {
        let loop = try EventLoop()
        let log = Log<String>()
        loop.perform {
            log.add("first")
            loop.perform {
                log.add("third")
                loop.stop()
            }
        }
        loop.perform { log.add("second") }
        loop.run()
        #expect(log.entries == ["first", "second", "third"])
    }

    @Test func `a sleeping loop is woken`() async throws {
        let loop = try EventLoop()
        async let ended: Void = onOwnThread { loop.run() }
        for _ in 0..<200 {
            // Each answer is awaited, so the loop goes to sleep between two.
            let isOnLoop = await withCheckedContinuation { continuation in
                loop.perform { continuation.resume(returning: loop.isCurrent) }
            }
            #expect(isOnLoop)
        }
        loop.stop()
        try await ended
    }

    @Test func `a loop that has ended takes no work`() throws {
        let loop = try EventLoop()
        loop.stop()
        loop.run()
        let log = Log<Int>()
        #expect(!loop.perform { log.add(1) })
        #expect(log.entries.isEmpty)
    }

    @Test func `work that hands in more does not keep the loop from ending`() throws {
        let loop = try EventLoop()
        let (run, accepted) = (Counter(), Counter())
        @Sendable func chain() {
            run.add()
            if loop.perform({ chain() }) { accepted.add() }
        }
        loop.stop()
        #expect(loop.perform { chain() })
        loop.run()
        // All that was accepted is run: the first, which was handed in above, and what it led to.
        #expect(run.value == accepted.value + 1)
        #expect(!loop.perform {})
    }

    @Test(arguments: 1...10) func `nothing that was accepted is lost when the loop ends`(_ round: Int)
        async throws
    {
        let loop = try EventLoop()
        let run = Counter()
        let accepted = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 0..<3 {
                group.addTask {
                    try await onOwnThread {
                        // Without a pause: the end does not wait for those who hand in work.
                        var number = 0
                        while loop.perform({ run.add() }) {
                            accepted.add()
                            number += 1
                            if thread == 0 && number == round * 100 { loop.stop() }
                        }
                    }
                }
            }
            group.addTask { try await onOwnThread { loop.run() } }
            try await group.waitForAll()
        }
        #expect(!loop.perform {})
        #expect(run.value == accepted.value)
    }

    @Test func `a closure enqueued on the loop is run soon, from elsewhere as well`() throws {
        let loop = try EventLoop()
        let log = Log<String>()
        loop.enqueueClosure { log.add("from elsewhere") }
        loop.perform {
            loop.enqueueClosure {
                log.add("from the loop")
                loop.enqueueClosure {
                    log.add("again")
                    loop.stop()
                }
            }
            log.add("afterwards")
        }
        loop.run()
        #expect(log.entries == ["from elsewhere", "afterwards", "from the loop", "again"])
    }

    @Test func `the end of a turn comes after its work`() throws {
        let loop = try EventLoop()
        let log = Log<String>()
        loop.addEndOfTurn { log.add("end") }
        loop.addEndOfTurn { log.add("second end") }
        loop.perform {
            log.add("work")
            loop.stop()
        }
        loop.run()
        #expect(log.entries.prefix(3) == ["work", "end", "second end"])
    }

    // MARK: Swift jobs

    private final class Executor: TaskExecutor {
        private let storage = Mutex<EventLoop?>(nil)
        var loop: EventLoop? {
            get { storage.withLock { $0 } }
            set { storage.withLock { $0 = newValue } }
        }
        func enqueue(_ job: consuming ExecutorJob) { loop?.enqueue(UnownedJob(job)) }
    }

    private func loopForJobs(_ executor: Executor) throws -> EventLoop {
        let generic = unsafe executor.asUnownedTaskExecutor()
        let loop = try EventLoop { unsafe $0.runSynchronously(on: generic) }
        executor.loop = loop
        return loop
    }

    @Test func `jobs are run in the order they were handed in`() throws {
        let executor = Executor()
        let loop = try loopForJobs(executor)
        defer { executor.loop = nil }
        let log = Log<Int>()
        for number in 0..<1_000 {
            Task(executorPreference: executor) {
                if log.count(adding: loop.isCurrent ? number : -1) == 1_000 { loop.stop() }
            }
        }
        loop.run()
        #expect(log.entries == Array(0..<1_000))
    }

    @Test func `jobs that never end do not keep timers and input waiting`() throws {
        let executor = Executor()
        let loop = try loopForJobs(executor)
        defer { executor.loop = nil }
        let over = Counter()
        Task(executorPreference: executor) {
            while over.value == 0 { await Task.yield() }
        }
        let pair = try Sockets.pair(.stream)
        _ = Sockets.send(pair.second.raw, [1])
        let handler = Handler()
        handler.onReady = { _ in
            loop.schedule(.closure { over.add() }, at: .now)
            loop.schedule(.closure { loop.stop() }, at: .now)
        }
        _ = try loop.add(pair.first.raw, for: .readable, handler: handler)
        loop.run()
        #expect(over.value > 0)
    }

    @Test func `jobs accepted before the loop ends are run`() throws {
        let executor = Executor()
        let loop = try loopForJobs(executor)
        defer { executor.loop = nil }
        let log = Log<Int>()
        for number in 0..<1_000 { Task(executorPreference: executor) { log.add(number) } }
        loop.stop()
        loop.run()
        #expect(log.entries == Array(0..<1_000))
    }

    @Test func `jobs handed in by the last jobs are run too`() throws {
        let executor = Executor()
        let loop = try loopForJobs(executor)
        defer { executor.loop = nil }
        let log = Log<Int>()
        for number in 0..<100 {
            Task(executorPreference: executor) {
                for _ in 0..<20 { await Task.yield() }
                log.add(number)
            }
        }
        loop.stop()
        loop.run()
        #expect(Set(log.entries) == Set(0..<100))
    }

    // MARK: Timers

    @Test func `timers go off in the order of their deadlines, ties as they were set`() throws {
        let loop = try EventLoop()
        let log = Log<Int>()
        let start = Monotonic.now
        var random = SplitMix64(seed: 8)
        let delays = (0..<200).map { _ in Int64.random(in: 0...20, using: &random) }
        for (number, delay) in delays.enumerated() {
            let deadline = start.advanced(by: .milliseconds(delay))
            loop.schedule(.closure { log.add(Monotonic.now >= deadline ? number : -1) }, at: deadline)
        }
        loop.schedule(.closure { loop.stop() }, at: start.advanced(by: .milliseconds(21)))
        loop.run()
        let expected = delays.indices.sorted { (delays[$0], $0) < (delays[$1], $1) }
        #expect(log.entries == expected)
    }

    @Test func `a cancelled timer does not go off`() throws {
        let loop = try EventLoop()
        let log = Log<String>()
        let now = Monotonic.now
        let token = loop.schedule(.closure { log.add("cancelled before") }, at: now)
        loop.cancel(token)
        let later = loop.schedule(
            .closure { log.add("cancelled by another") }, at: now.advanced(by: .nanoseconds(2)))
        loop.schedule(.closure { loop.cancel(later) }, at: now.advanced(by: .nanoseconds(1)))
        loop.schedule(.closure { loop.stop() }, at: now.advanced(by: .milliseconds(1)))
        loop.run()
        #expect(log.entries.isEmpty)
    }

    @Test func `a timer far away does not keep the loop from being woken`() throws {
        let loop = try EventLoop()
        let log = Log<String>()
        loop.schedule(.closure { log.add("never") }, at: .distantFuture)
        try RuntimeThread.start(named: "stopper") { loop.stop() }
        loop.run()
        #expect(log.entries.isEmpty)
    }

    // MARK: Descriptors

    @Test func `a handler is called for as long as there is something to read`() throws {
        let loop = try EventLoop()
        let pair = try Sockets.pair(.stream)
        let log = Log<UInt8>()
        let handler = Handler()
        let socket = pair.first.raw
        handler.onReady = { readiness in
            #expect(readiness == .readable)
            let bytes = Sockets.receive(socket, upTo: 1).bytes
            if log.count(adding: bytes.first ?? 0) == 5 { loop.stop() }
        }
        _ = try loop.add(socket, for: .readable, handler: handler)
        _ = Sockets.send(pair.second.raw, [1, 2, 3, 4, 5])
        loop.run()
        #expect(log.entries == [1, 2, 3, 4, 5])
    }

    @Test func `what a descriptor is watched for can be changed`() throws {
        let loop = try EventLoop()
        let pair = try Sockets.pair(.stream)
        let (socket, other) = (pair.first.raw, pair.second.raw)
        let log = Log<Readiness>()
        let handler = Handler()
        let token = try loop.add(socket, for: .readable, handler: handler)
        handler.onReady = { readiness in
            switch log.count(adding: readiness) {
            case 1: _ = Sockets.send(other, [1])
            case 2: loop.change(token, descriptor: socket, to: .readable)
            default: loop.stop()
            }
        }
        loop.change(token, descriptor: socket, to: [.readable, .writable])
        loop.run()
        // What is not read is reported again until the loop has ended.
        #expect(log.entries.prefix(3) == [.writable, [.readable, .writable], .readable])
    }

    @Test func `the end of the other side is a hangup`() throws {
        let loop = try EventLoop()
        let (first, second) = try Sockets.pair(.stream).ends()
        let socket = Descriptor(owning: first)
        let log = Log<Readiness>()
        let handler = Handler()
        handler.onReady = {
            log.add($0)
            loop.stop()
        }
        _ = try loop.add(socket.raw, for: .readable, handler: handler)
        Descriptor(owning: second).close()
        waitForEnd(of: socket.raw)
        loop.run()
        #expect(log.entries.first == [.readable, .hangup])
    }

    @Test func `a handler removed earlier in the same round is not called`() throws {
        let loop = try EventLoop()
        var sockets: [Int32] = []
        var tokens: [EventLoop.Token] = []
        let handlers = (0..<8).map { _ in Handler() }
        let log = Log<Int>()
        for (number, handler) in handlers.enumerated() {
            let (here, there) = try Sockets.pair(.stream).ends()
            sockets += [here, there]
            tokens.append(try loop.add(here, for: .readable, handler: handler))
            handler.onReady = { _ in
                log.add(number)
                for other in handlers.indices { loop.remove(tokens[other], descriptor: sockets[other * 2]) }
                loop.stop()
            }
            _ = Sockets.send(there, [1])
        }
        loop.run()
        #expect(log.entries.count == 1)
        for socket in sockets { Descriptor(owning: socket).close() }
    }

    @Test func `one that takes a removed handler's place gets none of its events`() throws {
        let loop = try EventLoop()
        let pairs = [try Sockets.pair(.stream).ends(), try Sockets.pair(.stream).ends()]
        let (quiet, quietPeer) = try Sockets.pair(.stream).ends()
        let handlers = [Handler(), Handler()]
        let newcomer = Handler()
        let log = Log<String>()
        var tokens: [EventLoop.Token] = []
        newcomer.onReady = { _ in log.add("newcomer") }
        for (number, handler) in handlers.enumerated() {
            tokens.append(try loop.add(pairs[number].0, for: .readable, handler: handler))
            handler.onReady = { _ in
                log.add("first")
                for other in [0, 1] { loop.remove(tokens[other], descriptor: pairs[other].0) }
                // Both free places are taken again, in the round in which both were ready.
                #expect(throws: Never.self) {
                    _ = try loop.add(quiet, for: .readable, handler: newcomer)
                    _ = try loop.add(quietPeer, for: .readable, handler: newcomer)
                }
                loop.stop()
            }
            _ = Sockets.send(pairs[number].1, [1])
        }
        loop.run()
        #expect(log.entries == ["first"])
        for raw in [quiet, quietPeer] + pairs.flatMap({ [$0.0, $0.1] }) { Descriptor(owning: raw).close() }
    }

    @Test func `a removed handler is let go and never called`() throws {
        let loop = try EventLoop()
        let pair = try Sockets.pair(.stream)
        let log = Log<Int>()
        weak var held: Handler?
        do {
            let handler = Handler()
            handler.onReady = { _ in log.add(1) }
            held = handler
            let token = try loop.add(pair.first.raw, for: .readable, handler: handler)
            loop.remove(token, descriptor: pair.first.raw)
        }
        #expect(held == nil)
        _ = Sockets.send(pair.second.raw, [1])
        loop.schedule(.closure { loop.stop() }, at: .now.advanced(by: .milliseconds(1)))
        loop.run()
        #expect(log.entries.isEmpty)
    }

    @Test func `removing twice, or after the end, does nothing to others`() throws {
        let loop = try EventLoop()
        let old = try Sockets.pair(.stream)
        let new = try Sockets.pair(.stream)
        let (socket, other, peer) = (old.first.raw, new.first.raw, new.second.raw)
        let log = Log<String>()
        let (removed, handler) = (Handler(), Handler())
        removed.onReady = { _ in log.add("removed") }
        let token = try loop.add(socket, for: .readable, handler: removed)
        loop.remove(token, descriptor: socket)
        loop.remove(token, descriptor: socket)
        // It takes the place that is free; another remove must not free that again.
        let newToken = try loop.add(other, for: .readable, handler: handler)
        loop.remove(token, descriptor: socket)
        handler.onReady = { _ in
            log.add("new")
            loop.stop()
        }
        let third = Handler()
        third.onReady = { _ in log.add("third") }
        let thirdToken = try loop.add(socket, for: .readable, handler: third)
        #expect(Set([token, newToken, thirdToken]).count == 3)
        _ = Sockets.send(peer, [1])
        loop.run()
        #expect(Set(log.entries) == ["new"])
        for token in [token, newToken, thirdToken] { loop.remove(token, descriptor: socket) }
    }

    @Test func `a descriptor that cannot be watched is an error and takes no place`() throws {
        let loop = try EventLoop()
        let pair = try Sockets.pair(.stream)
        let (socket, other) = (pair.first.raw, pair.second.raw)
        let wrong = Handler()
        #expect(throws: SystemError("epoll_ctl", EBADF)) {
            _ = try loop.add(-1, for: .readable, handler: wrong)
        }
        let handler = Handler()
        let log = Log<Int>()
        handler.onReady = { _ in
            log.add(1)
            loop.stop()
        }
        _ = try loop.add(socket, for: .readable, handler: handler)
        #expect(throws: SystemError("epoll_ctl", EEXIST)) {
            _ = try loop.add(socket, for: .readable, handler: wrong)
        }
        _ = Sockets.send(other, [1])
        loop.run()
        #expect(!log.entries.isEmpty)
    }

    @Test(arguments: [1, 2]) func `the right handlers are called over random steps`(_ seed: UInt64) throws {
        // Adds, removes and fills sockets at random from inside the loop; each handler knows whether it may
        // be called.
        final class Entry: EventHandler {
            let ends: (Int32, Int32)
            var token: EventLoop.Token?
            var pending = 0
            init(_ ends: (Int32, Int32)) { self.ends = ends }
            func ready(_ readiness: Readiness) {
                #expect(token != nil, "called after its removal")
                let bytes = Sockets.receive(ends.0).bytes
                #expect(!bytes.isEmpty && bytes.count <= pending)
                pending -= bytes.count
            }
        }
        let loop = try EventLoop()
        var random = SplitMix64(seed: seed)
        var entries: [Entry] = []
        func remove(_ entry: Entry) {
            guard let token = entry.token else { return }
            entry.token = nil
            loop.remove(token, descriptor: entry.ends.0)
            for raw in [entry.ends.0, entry.ends.1] { Descriptor(owning: raw).close() }
        }
        func step(_ left: Int) {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<3 where entries.count < 50:
                guard let ends = try? Sockets.pair(.stream).ends() else { break }
                let entry = Entry(ends)
                entry.token = try? loop.add(ends.0, for: .readable, handler: entry)
                #expect(entry.token != nil)
                entries.append(entry)
            case 3..<5 where !entries.isEmpty:
                remove(entries.remove(at: Int.random(in: 0..<entries.count, using: &random)))
            default:
                guard let entry = entries.randomElement(using: &random) else { break }
                entry.pending += 1
                #expect(Sockets.send(entry.ends.1, [1]) == .moved(1))
            }
            if left > 0 {
                loop.schedule(.closure { step(left - 1) }, at: Monotonic(nanoseconds: 0))
            } else {
                loop.schedule(.closure { loop.stop() }, at: .now.advanced(by: .milliseconds(1)))
            }
        }
        loop.schedule(.closure { step(5_000) }, at: .now)
        loop.run()
        #expect(entries.allSatisfy { $0.pending == 0 })
        for entry in entries {
            for raw in [entry.ends.0, entry.ends.1] { Descriptor(owning: raw).close() }
        }
    }
}
