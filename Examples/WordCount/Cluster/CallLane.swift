import Dispatch

/// Starts calls in the order in which they were made: an executor of one thread for the tasks that make them.
///
/// Messages from one task arrive in order; those from two tasks may overtake each other. Here each call is a task,
/// because its answer comes late, and the order matters: a tokenizer counts its chunks as they arrive, and if it
/// dies, the first one is blamed.
final class CallLane: TaskExecutor {
    private let queue = DispatchQueue(label: "calls")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
