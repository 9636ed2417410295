/// What serves a pool's tasks: the pool itself in its own process, a way to it in all others.
protocol PoolService<Worker>: AnyObject, Sendable {
    associatedtype Worker: PoolWorker

    var name: String { get }
    /// How many processes there are, as far as this process knows.
    var places: Int { get }

    /// Takes tasks; each gets its outcome, unless they are abandoned.
    func submit(_ submission: PoolSubmission<Worker>)

    /// Ends interest in the tasks' outcomes; says whether there were any to come.
    func abandon(_ submission: PoolSubmission<Worker>) -> Bool

    /// How many tasks to give to a worker together.
    var automaticChunk: Int { get }

    func drain() async throws
    func stop() async throws
    func resize(to size: PoolSize) async throws
    func statistics() async throws -> PoolStatistics
}
