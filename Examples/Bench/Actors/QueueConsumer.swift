import Distributed
import Roost

/// A job that is measured: it has a number.
///
/// What is done with jobs is required, so that the compiler makes it for each type of jobs, as it does in a program.
protocol NumberedJob: Codable, Sendable {
    init(number: Int)
    var number: Int { get }
    static func put(_ count: Int, into queue: WorkQueue<Self>) async throws
    static func sum(of queue: WorkQueue<Self>) async throws -> Int
}

extension NumberedJob {
    /// Puts so many, numbered from 0.
    static func put(_ count: Int, into queue: WorkQueue<Self>) async throws {
        try await queue.put(contentsOf: (0..<count).lazy.map { Self(number: $0) })
    }

    /// Takes them until there are no more, and adds their numbers up.
    static func sum(of queue: WorkQueue<Self>) async throws -> Int {
        var sum = 0
        for try await delivery in queue.jobs(prefetch: 256) {
            sum += delivery.job.number
            try await delivery.acknowledge()
        }
        return sum
    }
}

/// A job that is a number.
extension Int: NumberedJob {
    init(number: Int) { self = number }
    var number: Int { self }
}

/// A job with a text of some thirty bytes.
struct Errand: NumberedJob {
    var number: Int
    var text: String

    init(number: Int) {
        self.number = number
        text = "from the house to the market, \(number)"
    }
}

/// Takes jobs, and adds their numbers up.
distributed actor QueueConsumer<Job: NumberedJob>: ProcessActor {
    distributed func sum(of queue: WorkQueue<Job>) async throws -> Int {
        try await Job.sum(of: queue)
    }
}
