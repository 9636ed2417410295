import Dispatch

/// Where the tests run that start processes and wait for them: one after another, on a thread of their own.
///
/// They block. On Swift's own threads, of which there are as few as processors, that would hold up all other tests;
/// and those would hold up these, some of which have to act within milliseconds.
@globalActor actor ProcessTests {
    static let shared = ProcessTests()

    private static let executor = Executor()

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe Self.executor.asUnownedSerialExecutor()
    }

    private final class Executor: SerialExecutor {
        private let queue = DispatchQueue(label: "process tests")

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
        }
    }
}
