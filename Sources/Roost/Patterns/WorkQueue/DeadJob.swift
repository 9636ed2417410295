/// A job that a ``WorkQueue`` has given up, with the reasons.
public struct DeadJob<Job: Codable & Sendable>: Sendable, Codable, CustomStringConvertible {
    /// The job.
    public var job: Job
    /// What became of each attempt that counted, the first one first.
    public var failures: [JobFailure]

    /// Makes a report; the queue does, and tests may.
    public init(job: Job, failures: [JobFailure]) {
        self.job = job
        self.failures = failures
    }

    /// The job and the reasons, in one line.
    public var description: String {
        "\(job): \(failures.map(\.description).joined(separator: "; "))"
    }
}
