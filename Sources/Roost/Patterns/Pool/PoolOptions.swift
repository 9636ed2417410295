/// How an ``ActorPool`` works.
public struct PoolOptions: Sendable {
    /// How many processes may die while serving a task, the task alone, before it fails with
    /// ``PoolError/Code/workerDied``.
    ///
    /// 3. With 1, no task is ever begun twice; then tasks travel one by one. Errors that `perform` throws are
    /// outcomes, and not tried again.
    public var attempts = 3 {
        didSet { precondition(attempts > 0, "a task is tried at least once") }
    }
    /// After how many tasks a process is replaced by a fresh one, in order; nil for never.
    ///
    /// Never, by default. It bounds what a worker can leak.
    public var recycleAfter: Int? {
        didSet { precondition(recycleAfter ?? 1 > 0, "a process serves at least one task") }
    }
    /// How long a task that was cancelled, or whose time is up, may go on before its process is killed.
    ///
    /// 100 ms. The task itself has failed by then.
    public var cancellationGrace = Duration.milliseconds(100)
    /// How long a process has nothing to do before a pool with an adaptive size does without it.
    ///
    /// 10 seconds.
    public var idleLimit = Duration.seconds(10)
    /// How the processes are made, limited and ended.
    ///
    /// The pool itself replaces them: `restart`, `intensity` and `whileRestarting` have no say. `backoff` is waited
    /// before a start that follows one that failed.
    public var process = SpawnOptions()

    /// All defaults.
    public init() {}

    /// The defaults, with what is given instead.
    ///
    /// - Parameters:
    ///   - attempts: how many processes a task may end.
    ///   - recycleAfter: after how many tasks a process is replaced; nil for never.
    public init(attempts: Int, recycleAfter: Int? = nil) {
        precondition(attempts > 0 && recycleAfter ?? 1 > 0, "a task is tried at least once")
        self.attempts = attempts
        self.recycleAfter = recycleAfter
    }
}

/// How many tasks of a sequence are given to a worker together.
public enum PoolChunking: Sendable, Hashable {
    /// As many as take a millisecond or two, found out while they are served.
    ///
    /// A worker that takes longer for them than was thought gives back what it has not begun.
    case automatic
    /// So many.
    case size(Int)
}
