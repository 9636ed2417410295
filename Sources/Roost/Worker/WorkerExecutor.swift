internal import RoostPlatform
@_spi(ExperimentalCustomExecutors) @_spi(ExperimentalScheduling) internal import _Concurrency

/// Swift's executors in a worker: the default one, the main actor's, and delays, all on the worker's loop.
///
/// So a message is read, served and answered on one thread without a hop. Installed with
/// `_createExecutors` before any task exists; see `Documentation/Decisions/0002-worker-executors.md`.
final class WorkerExecutor: TaskExecutor, SchedulingExecutor, @unchecked Sendable {
    // @unchecked: nothing changes after the initialiser.

    private let loop: EventLoop

    fileprivate init(loop: EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        loop.enqueue(UnownedJob(job))
    }

    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob, after delay: C.Duration, tolerance: C.Duration?, clock: C
    ) {
        guard let delay = delay as? Duration else {
            preconditionFailure("a delay on \(C.self), whose durations are not in seconds")
        }
        schedule(UnownedJob(job), after: delay)
    }

    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob, at instant: C.Instant, tolerance: C.Duration?, clock: C
    ) {
        guard let delay = clock.now.duration(to: instant) as? Duration else {
            preconditionFailure("a delay on \(C.self), whose durations are not in seconds")
        }
        schedule(UnownedJob(job), after: delay)
    }

    private func schedule(_ job: UnownedJob, after delay: Duration) {
        let deadline = Monotonic.now.advanced(by: delay)
        if loop.isCurrent {
            loop.schedule(.job(job), at: deadline)
        } else {
            loop.perform { [loop] in loop.schedule(.job(job), at: deadline) }
        }
    }

    /// Runs the calling thread, a new worker's only one, as the worker with its control socket.
    static func run(_ socket: consuming Descriptor) throws(SystemError) {
        // Run as on no executor in particular: the runtime then skips the bookkeeping of a serial one,
        // and sending through a thunk costs a quarter.
        let generic = unsafe unsafeBitCast((0, 0), to: UnownedSerialExecutor.self)
        let loop = try EventLoop(spins: true) { job in unsafe job.runSynchronously(on: generic) }
        loop.adoptCurrentThread()
        WorkerExecutors.install(loop)
        CrashRecorder.track()
        let worker = try Worker(socket: socket, loop: loop) { CurrentProcess.exit($0) }
        withExtendedLifetime(worker) { loop.run() }
    }
}

/// The main actor's executor in a worker: the same loop.
private final class WorkerMainExecutor: MainExecutor, @unchecked Sendable {
    // @unchecked: nothing changes after the initialiser.

    private let loop: EventLoop

    init(loop: EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // Run on *this* executor, unlike the jobs of the default one.
        let executor = unsafe asUnownedSerialExecutor()
        loop.enqueueClosure { unsafe job.runSynchronously(on: executor) }
    }

    var isMainExecutor: Bool { true }

    func checkIsolated() {
        precondition(loop.isCurrent, "not on the main actor")
    }

    func run() throws { loop.run() }
    func stop() { loop.stop() }
}

private struct WorkerExecutors: ExecutorFactory {
    // Set once, before the runtime asks.
    nonisolated(unsafe) private static var executors: (main: any MainExecutor, task: any TaskExecutor)?

    static func install(_ loop: EventLoop) {
        unsafe executors = (WorkerMainExecutor(loop: loop), WorkerExecutor(loop: loop))
        _createExecutors(factory: WorkerExecutors.self)
    }

    static var mainExecutor: any MainExecutor {
        guard let executors = unsafe executors else { preconditionFailure("executors before their loop") }
        return executors.main
    }

    static var defaultExecutor: any TaskExecutor {
        guard let executors = unsafe executors else { preconditionFailure("executors before their loop") }
        return executors.task
    }
}
