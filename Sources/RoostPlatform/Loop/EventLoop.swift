internal import CRoost
internal import Glibc
internal import Synchronization

/// One thread that waits for descriptors, timers and work handed in from elsewhere.
///
/// The node has one on a thread of its own; a worker's only thread *is* one, and Swift's executors
/// there are this loop's queue, so that a message costs no thread hop. Everything but ``enqueue(_:)``,
/// ``perform(_:)``, ``stop()`` and ``isCurrent`` belongs to the loop's thread.
package final class EventLoop: @unchecked Sendable {
    // @unchecked: the mutable state is touched on the loop's thread only, apart from `inbox` and
    // `thread`, which is written once before anything else can see the loop running.

    /// Does a job of Swift's concurrency runtime; workers install one that knows their executors.
    package typealias JobRunner = (UnownedJob) -> Void

    private enum Work: Sendable {
        case job(UnownedJob)
        case closure(@Sendable () -> Void)
    }

    private struct Inbox {
        var work: [Work] = []
        var isSleeping = false
        var isOver = false
    }

    private struct Slot {
        var handler: (any EventHandler)?
        var generation: UInt32 = 0
    }

    /// A registered descriptor.
    package struct Token: Hashable, Sendable {
        fileprivate let raw: UInt64
    }

    /// A timer that has been set.
    package typealias TimerToken = TimerQueue<TimerAction>.Token

    /// What a timer does when it is due.
    package enum TimerAction {
        case job(UnownedJob)
        case closure(() -> Void)
    }

    private let epoll: Descriptor
    private let wakeUp: WakeUp
    private let inbox = Mutex(Inbox())
    private let hasMail = Atomic<Bool>(false)
    private let stopRequested = Atomic<Bool>(false)
    private var thread: UInt = 0

    private var slots: [Slot] = [Slot()]  // slot 0 stands for `wakeUp`
    private var freeSlots: [Int] = []
    private var timers = TimerQueue<TimerAction>()
    private var jobs = RingBuffer<UnownedJob>(minimumCapacity: 256)
    private var events = [roost_event](repeating: roost_event(), count: 64)
    private var endOfTurn: [() -> Void] = []
    private var spin = SpinPolicy()
    private let runJob: JobRunner

    /// - Parameters:
    ///   - spins: whether to look for a bounded moment for new input before sleeping.
    ///   - runJob: does a job of Swift's concurrency runtime.
    /// - Throws: `SystemError` when there is no descriptor left.
    package init(
        spins: Bool = false,
        runJob: @escaping JobRunner = { _ in fatalError("this loop runs no Swift jobs") }
    ) throws(SystemError) {
        let raw = roost_epoll_create()
        guard raw >= 0 else { throw SystemError("epoll_create1") }
        epoll = Descriptor(owning: raw)
        wakeUp = try WakeUp()
        self.runJob = runJob
        spin.isEnabled = spins
        let error = roost_epoll_control(epoll.raw, 0, wakeUp.descriptor.raw, ROOST_READABLE, 0)
        if error != 0 { throw SystemError("epoll_ctl", error) }
    }

    // MARK: From any thread

    /// Whether the caller is on this loop's thread.
    @inline(__always)
    package var isCurrent: Bool { UInt(pthread_self()) == thread }

    /// Runs a closure on the loop's thread, after what was handed in before.
    ///
    /// - Returns: false when the loop has ended, in which case the closure is never run.
    @discardableResult
    package func perform(_ work: @escaping @Sendable () -> Void) -> Bool {
        post(.closure(work))
    }

    /// Runs a Swift job on the loop's thread.
    package func enqueue(_ job: UnownedJob) {
        if isCurrent {
            jobs.append(job)
        } else {
            post(.job(job))
        }
    }

    /// Runs a closure on the loop's thread, soon; from that thread without a lock.
    package func enqueueClosure(_ work: @escaping @Sendable () -> Void) {
        if isCurrent {
            schedule(.closure(work), at: Monotonic(nanoseconds: 0))
        } else {
            perform(work)
        }
    }

    /// Ends ``run()`` after the turn under way.
    package func stop() {
        perform { [unowned self] in stopRequested.store(true, ordering: .relaxed) }
    }

    @discardableResult
    private func post(_ item: Work) -> Bool {
        let mustWake: Bool? = inbox.withLock { inbox in
            if inbox.isOver { return nil }
            inbox.work.append(item)
            hasMail.store(true, ordering: .releasing)
            defer { inbox.isSleeping = false }
            return inbox.isSleeping
        }
        if mustWake == true { wakeUp.signal() }
        return mustWake != nil
    }

    // MARK: On the loop's thread

    /// Watches a descriptor until ``remove(_:descriptor:)``; level-triggered.
    package func add(
        _ descriptor: Int32, for interest: Readiness, handler: any EventHandler
    ) throws(SystemError) -> Token {
        let index = freeSlots.popLast() ?? slots.count
        if index == slots.count { slots.append(Slot()) }
        slots[index].handler = handler
        let token = UInt64(slots[index].generation) << 32 | UInt64(index)
        let error = roost_epoll_control(epoll.raw, 0, descriptor, interest.rawValue, token)
        guard error == 0 else {
            slots[index].handler = nil
            freeSlots.append(index)
            throw SystemError("epoll_ctl", error)
        }
        return Token(raw: token)
    }

    /// Changes what a descriptor is watched for.
    package func change(_ token: Token, descriptor: Int32, to interest: Readiness) {
        _ = roost_epoll_control(epoll.raw, 1, descriptor, interest.rawValue, token.raw)
    }

    /// Stops watching; call before the descriptor is closed.
    package func remove(_ token: Token, descriptor: Int32) {
        let index = Int(token.raw & 0xffff_ffff)
        // Twice, or after the loop has ended: there is nothing left to do.
        guard index < slots.count, slots[index].generation == UInt32(token.raw >> 32) else { return }
        _ = roost_epoll_control(epoll.raw, 2, descriptor, 0, token.raw)
        slots[index].handler = nil
        slots[index].generation &+= 1
        freeSlots.append(index)
    }

    /// Sets a timer.
    @discardableResult
    package func schedule(_ action: TimerAction, at deadline: Monotonic) -> TimerToken {
        timers.insert(action, at: deadline)
    }

    package func cancel(_ timer: TimerToken) {
        timers.cancel(timer)
    }

    /// Calls `action` once every turn, before the loop looks for new input: the place to write what
    /// was gathered.
    package func addEndOfTurn(_ action: @escaping () -> Void) {
        endOfTurn.append(action)
    }

    /// Tells the loop that an answer is likely soon, so that looking for it is worth a moment.
    @inline(__always)
    package func expectInput() {
        spin.inputExpected = true
    }

    /// Makes the calling thread the loop's, so that ``isCurrent`` is true before ``run()``.
    package func adoptCurrentThread() {
        thread = UInt(pthread_self())
    }

    /// Serves until ``stop()``.
    package func run() {
        adoptCurrentThread()
        while !stopRequested.load(ordering: .relaxed) {
            takeMail()
            runJobs()
            runTimers()
            for action in endOfTurn { action() }
            waitForInput()
        }
        takeLastMail()
        slots.removeAll()
        endOfTurn.removeAll()
        timers = TimerQueue()
    }

    // What was accepted is still run; from then on nothing is accepted.
    private func takeLastMail() {
        inbox.withLock { $0.isOver = true }
        takeMail()
        while !jobs.isEmpty { runJobs() }
    }

    private func takeMail() {
        guard hasMail.load(ordering: .acquiring) else { return }
        let work = inbox.withLock { inbox in
            hasMail.store(false, ordering: .relaxed)
            defer { inbox.work.removeAll() }
            return inbox.work
        }
        for item in work {
            switch item {
            case .job(let job): jobs.append(job)
            case .closure(let closure): closure()
            }
        }
    }

    // Bounded, so that jobs that keep enqueueing jobs cannot keep input from being read.
    private func runJobs() {
        var budget = 256
        while budget > 0, let job = jobs.popFirst() {
            runJob(job)
            budget -= 1
        }
    }

    private func runTimers() {
        guard !timers.isEmpty else { return }
        let now = Monotonic.now
        while let action = timers.popDue(at: now) {
            switch action {
            case .job(let job): jobs.append(job)
            case .closure(let closure): closure()
            }
        }
    }

    private func waitForInput() {
        if !jobs.isEmpty || hasMail.load(ordering: .acquiring) || stopRequested.load(ordering: .relaxed) {
            poll(timeout: 0)
            return
        }
        if spin.shouldSpin, spinForInput() { return }
        let mayWait = inbox.withLock { inbox in
            inbox.isSleeping = inbox.work.isEmpty
            return inbox.isSleeping
        }
        guard mayWait else { return }
        poll(timeout: nextTimeout())
        inbox.withLock { $0.isSleeping = false }
    }

    private func nextTimeout() -> Int64 {
        guard let deadline = timers.nextDeadline else { return -1 }
        return max(0, Monotonic.now.duration(to: deadline).clampedNanoseconds)
    }

    private func spinForInput() -> Bool {
        let start = Monotonic.now
        let end = min(start.advanced(by: spin.limit), timers.nextDeadline ?? .distantFuture)
        var last = start
        while last < end {
            if poll(timeout: 0) > 0 || hasMail.load(ordering: .acquiring) {
                spin.succeeded()
                return true
            }
            CurrentProcess.yieldProcessor()
            let now = Monotonic.now
            spin.yielded(for: last.duration(to: now))
            last = now
        }
        spin.failed()
        return false
    }

    @discardableResult
    private func poll(timeout: Int64) -> Int {
        let count = Int(
            unsafe events.withUnsafeMutableBufferPointer {
                unsafe roost_epoll_wait(epoll.raw, $0.baseAddress, Int32($0.count), timeout)
            })
        guard count > 0 else {
            precondition(count == 0, "epoll_wait: errno \(-count)")
            return 0
        }
        for index in 0..<count {
            let event = events[index]
            let slot = Int(event.token & 0xffff_ffff)
            if slot == 0 {
                wakeUp.reset()
                continue
            }
            // A handler earlier in this round may have removed this one and the slot been used again.
            guard slots[slot].generation == UInt32(event.token >> 32) else { continue }
            slots[slot].handler?.ready(Readiness(rawValue: event.events))
        }
        return count
    }
}
