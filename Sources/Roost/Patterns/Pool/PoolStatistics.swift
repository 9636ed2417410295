/// What an ``ActorPool`` has done, and what its processes are doing.
///
/// ```swift
/// print(try await pool.statistics)
/// ```
public struct PoolStatistics: Sendable, Hashable, Codable, CustomStringConvertible {
    /// One process of the pool.
    public struct Worker: Sendable, Hashable, Codable {
        /// The name of its actor.
        public var name: String
        /// How many tasks it has served.
        public var tasks: Int
        /// How long it took until it was ready.
        public var starting: Duration
        /// How long it had tasks to serve, the messages there and back included.
        public var working: Duration
        /// How long it had none.
        public var waiting: Duration
    }

    struct Totals: Sendable, Hashable, Codable {
        var submitted = 0
        var succeeded = 0
        var failed = 0
        var started = 0
        var died = 0

        mutating func count<Worker>(_ outcomes: PoolSubmission<Worker>.Outcomes) {
            let successes =
                switch outcomes {
                case .values(let values): values.count
                case .results(let results): results.count { (try? $0.get()) != nil }
                }
            succeeded += successes
            failed += outcomes.count - successes
        }
    }

    var totals: Totals
    /// The processes there are, in the order they were started.
    public var workers: [Worker]
    /// How many tasks wait.
    public var waiting: Int
    /// How many tasks are being served.
    public var running: Int

    /// How many tasks have come.
    public var submitted: Int { totals.submitted }
    /// How many tasks have returned a value.
    public var succeeded: Int { totals.succeeded }
    /// How many tasks have failed: thrown, or come to nothing.
    public var failed: Int { totals.failed }
    /// How many processes have been started.
    public var started: Int { totals.started }
    /// How many processes have ended otherwise than in order.
    public var died: Int { totals.died }

    /// A table: one line for the pool, one for each process.
    public var description: String {
        var lines = [
            "\(submitted) tasks: \(succeeded) done, \(failed) failed, \(running) running, \(waiting) waiting; "
                + "\(started) processes started, \(died) died"
        ]
        for worker in workers {
            let total = worker.starting + worker.working + worker.waiting
            let shares = [
                ("starting", worker.starting), ("working", worker.working), ("waiting", worker.waiting),
            ]
            .map { "\($0) \(total == .zero ? 0 : Int(($1 / total * 100).rounded()))%" }
            lines.append("\(worker.name): \(worker.tasks) tasks, " + shares.joined(separator: ", "))
        }
        return lines.joined(separator: "\n")
    }
}
